use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::detect::{CLIENT_DATA, scan};
use crate::words::Words;

const KEY: [u8; 32] = [9; 32];

fn clients() -> Clients {
    let mut file = Builder::new(&KEY);
    file.number(1, "FR76 3000 6000 0112 3456 7890 189").unwrap();
    file.number(2, "2024-118-00733").unwrap();
    file.number(3, "FR76 3000 6000 0112 3456 7890 189").unwrap();
    file.email(2, "Agathe.Vidal@Sableval.example").unwrap();
    file.phone(1, "01 23 45 67 89").unwrap();
    file.person(4, "Odile Tréhorel", "12/03/1975").unwrap();
    file.recipient(1, "quillon.example").unwrap();
    file.finish()
}

/// What is found: the stretch of text, whose it is, how sure.
fn found(clients: &Clients, text: &str) -> Vec<(String, String, u8)> {
    let mut hits = scan(text);
    clients.scan(&Words::of(text), &mut hits);
    let ours = hits.into_iter().filter(|hit| hit.detector == CLIENT_DATA);
    ours.map(|hit| (text[hit.start..hit.end].to_owned(), hit.value, hit.certainty)).collect()
}

#[test]
fn values_are_found_however_they_are_grouped() {
    let clients = clients();
    for (text, value, whose) in [
        ("Compte FR7630006000011234567890189.", "FR7630006000011234567890189", "1, 3"),
        ("Compte fr76 3000 6000 0112 3456 7890 189 !", "fr76 3000 6000 0112 3456 7890 189", "1, 3"),
        ("IBAN FR76-3000-6000-0112-3456-7890-189", "FR76-3000-6000-0112-3456-7890-189", "1, 3"),
        ("FR76 3000\n6000 0112 3456 7890 189", "FR76 3000\n6000 0112 3456 7890 189", "1, 3"),
        ("voir 2024-118-00733, merci", "2024-118-00733", "2"),
        ("voir ２０２４１１８００７３３", "２０２４１１８００７３３", "2"),
        ("voir 2024/118/0\u{200b}0733", "2024/118/0\u{200b}0733", "2"),
    ] {
        assert_eq!(found(&clients, text), [(value.into(), whose.into(), 100)], "{text}");
    }
    for text in ["2024-118-00734", "12024-118-00733", "2024-118-007331", "FR7630006000011234567890188", ""] {
        assert_eq!(found(&clients, text), [], "{text}");
    }
}

#[test]
fn a_number_may_begin_with_letters_that_stand_apart() {
    let mut file = Builder::new(&KEY);
    file.number(1, "AV-2048-77315").unwrap();
    file.number(2, "482 119 375").unwrap();
    let clients = file.finish();
    for (text, value, whose) in [
        ("le contrat AV-2048-77315 est à revoir", "AV-2048-77315", "1"),
        ("contrat av 2048 77315", "av 2048 77315", "1"),
        ("AV204877315", "AV204877315", "1"),
        ("n 482 119 375", "482 119 375", "2"),
    ] {
        assert_eq!(found(&clients, text), [(value.into(), whose.into(), 100)], "{text}");
    }
    assert_eq!(found(&clients, "contrat 2048-77315"), []);
}

#[test]
fn addresses_telephones_and_persons_with_their_birth() {
    let clients = clients();
    for (text, value, whose, certainty) in [
        ("Écrivez à agathe.vidal@SABLEVAL.example", "agathe.vidal@SABLEVAL.example", "2", 70),
        ("au +33 (0)1 23 45 67 89", "+33 (0)1 23 45 67 89", "1", 70),
        ("Mme Odile TREHOREL, née le 12 mars 1975", "Odile TREHOREL, née le 12 mars 1975", "4", 95),
        ("Née le 12/03/1975 : Tréhorel Odile", "12/03/1975 : Tréhorel Odile", "4", 95),
    ] {
        assert_eq!(found(&clients, text), [(value.into(), whose.into(), certainty)], "{text}");
    }
    // Neither the name nor the date alone.
    assert_eq!(found(&clients, "Odile Tréhorel, née le 13/03/1975"), []);
    assert_eq!(found(&clients, "Ondine Tréhorel, née le 12/03/1975"), []);
    assert_eq!(found(&clients, "Odile Tréhorel est au 12"), []);
}

#[test]
fn a_recipient_is_a_client_by_address_or_domain() {
    let clients = clients();
    for (address, whose) in [
        ("agathe.vidal@sableval.example", vec![2]),
        ("AGATHE.VIDAL@sableval.example", vec![2]),
        ("autre@sableval.example", vec![]),
        ("x@quillon.example", vec![1]),
        ("x@lyon.quillon.example", vec![1]),
        ("x@notquillon.example", vec![]),
    ] {
        assert_eq!(clients.of_recipient(&EmailAddress::parse(address).unwrap()), whose, "{address}");
    }
}

#[test]
fn what_stands_for_nobody_is_refused() {
    let mut file = Builder::new(&KEY);
    assert_eq!(file.number(1, "12 34"), Err(Unfit::Number));
    assert_eq!(file.number(1, "ABCDEFGH"), Err(Unfit::Number));
    assert_eq!(file.number(1, &"1".repeat(41)), Err(Unfit::Number));
    assert_eq!(file.email(1, "personne"), Err(Unfit::Email));
    assert_eq!(file.phone(1, "12 34"), Err(Unfit::Phone));
    assert_eq!(file.phone(1, "poste 0123456789"), Err(Unfit::Phone));
    assert_eq!(file.person(1, "Odile", "12/03/1975"), Err(Unfit::Person));
    assert_eq!(file.person(1, "Odile Tréhorel", "1975"), Err(Unfit::Person));
    assert_eq!(file.recipient(1, "gmail.com"), Err(Unfit::Recipient));
    assert_eq!(file.recipient(1, "a b"), Err(Unfit::Recipient));
    assert!(file.recipient(1, "odile@gmail.com").is_ok());
    assert_eq!(file.phone(1, "0033 1 23 45 67 89").and(file.phone(1, "+33 (0)1 23 45 67 89")), Ok(()));
    // One telephone number, one address.
    assert_eq!(file.finish().identifiers(), 2);
}

#[test]
fn what_is_kept_is_read_again_and_holds_no_value() {
    let clients = clients();
    let bytes = clients.to_bytes();
    for value in
        [&b"FR7630006000011234567890189"[..], b"fr7630006000011234567890189", b"sableval", b"rehorel"]
    {
        assert!(!bytes.windows(value.len()).any(|window| window == value));
    }
    let read = Clients::from_bytes(&KEY, &bytes).unwrap();
    assert_eq!((read.digest(), read.len(), read.identifiers()), (clients.digest(), 4, clients.identifiers()));
    assert_eq!(read.of_number("fr76 30006000011234567890189"), [1, 3]);
    // Another key knows nobody.
    assert_eq!(Clients::from_bytes(&[8; 32], &bytes).unwrap().of_number("202411800733"), [0; 0]);
    for cut in [0, 15, 39, 40, 41, bytes.len() - 1] {
        assert!(Clients::from_bytes(&KEY, &bytes[..cut]).is_err(), "{cut}");
    }
    let mut odd = bytes.clone();
    odd[40..48].fill(0xFF);
    assert!(Clients::from_bytes(&KEY, &odd).is_err());
    let mut counted = bytes;
    counted[32..40].fill(0xFF);
    assert!(Clients::from_bytes(&KEY, &counted).is_err());
    assert!(Clients::none().is_empty() && Clients::none().of_number("202411800733").is_empty());
}

proptest! {
    #[test]
    fn every_number_is_found_and_no_other(numbers in proptest::collection::hash_set("[0-9]{11}", 1..60), others in proptest::collection::vec("[0-9]{11}", 0..60)) {
        let mut file = Builder::new(&KEY);
        for (client, number) in (1..).zip(&numbers) {
            file.number(client, number).unwrap();
        }
        let clients = file.finish();
        let known: HashSet<&String> = numbers.iter().collect();
        for number in numbers.iter().chain(&others) {
            let text = format!("Contrat {} {}, merci", &number[..4], &number[4..]);
            prop_assert_eq!(found(&clients, &text).len(), usize::from(known.contains(number)));
        }
    }

    #[test]
    fn any_text_gives_places_in_it(text in "\\PC{0,200}") {
        let mut hits = scan(&text);
        clients().scan(&Words::of(&text), &mut hits);
        for hit in hits {
            prop_assert!(text.get(hit.start..hit.end).is_some() && hit.start < hit.end);
        }
    }
}
