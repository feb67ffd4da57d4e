//! Domains as they are shown: `xn--…` labels decoded (RFC 3492).

/// A domain with its `xn--` labels decoded; a label that does not decode stays as it is.
pub(super) fn to_unicode(domain: &str) -> String {
    let labels = domain.split('.').map(|label| {
        let encoded = label.get(..4).filter(|head| head.eq_ignore_ascii_case("xn--"));
        encoded.and_then(|_| decode(label.get(4..)?)).unwrap_or_else(|| label.to_owned())
    });
    labels.collect::<Vec<_>>().join(".")
}

const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;

/// RFC 3492 §6.2. A label has 63 bytes at most, so the loops are short.
fn decode(label: &str) -> Option<String> {
    let (basic, extended) = label.rsplit_once('-').unwrap_or(("", label));
    let mut output: Vec<char> = basic.chars().collect();
    let (mut n, mut i, mut bias) = (128_u32, 0_u32, 72_u32);
    let mut digits = extended.bytes();
    while digits.len() > 0 {
        let (before, mut weight, mut k) = (i, 1_u32, BASE);
        loop {
            let digit = match digits.next()? {
                byte @ b'a'..=b'z' => u32::from(byte - b'a'),
                byte @ b'A'..=b'Z' => u32::from(byte - b'A'),
                byte @ b'0'..=b'9' => u32::from(byte - b'0') + 26,
                _ => return None,
            };
            i = i.checked_add(digit.checked_mul(weight)?)?;
            let threshold = k.saturating_sub(bias).clamp(T_MIN, T_MAX);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(BASE - threshold)?;
            k += BASE;
        }
        let length = u32::try_from(output.len()).ok()? + 1;
        bias = adapt(i - before, length, before == 0);
        n = n.checked_add(i / length)?;
        i %= length;
        output.insert(usize::try_from(i).ok()?, char::from_u32(n)?);
        i += 1;
    }
    Some(output.into_iter().collect())
}

/// RFC 3492 §6.1.
const fn adapt(delta: u32, length: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / length;
    let mut k = 0;
    while delta > (BASE - T_MIN) * T_MAX / 2 {
        delta /= BASE - T_MIN;
        k += BASE;
    }
    k + (BASE - T_MIN + 1) * delta / (delta + 38)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 3492 §7.1 (B, I, L), and names in use.
    #[test]
    fn labels_of_the_standard() {
        for (encoded, shown) in [
            ("xn--ihqwcrb4cv8a8dqg056pqjye.x", "他们为什么不说中文.x"),
            (
                "xn--porqunopuedensimplementehablarenespaol-fmd56a.x",
                "porquénopuedensimplementehablarenespañol.x",
            ),
            ("xn--3b-ww4c5e180e575a65lsy2b.x", "3年b組金八先生.x"),
            ("xn--mnchen-3ya.example", "münchen.example"),
            ("xn--pple-43d.example", "аpple.example"),
            ("xn--99999999.example", "xn--99999999.example"),
            ("plain.example", "plain.example"),
        ] {
            assert_eq!(to_unicode(encoded), shown);
        }
    }
}
