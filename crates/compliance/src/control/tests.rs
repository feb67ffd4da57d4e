use super::*;

#[test]
fn the_shipped_controls_load_and_do_what_their_samples_say() {
    let set = ControlSet::parse(SHIPPED).unwrap_or_else(|errors| {
        panic!("{}", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    });
    assert_eq!(set.controls().len(), SHIPPED.len());
    assert_eq!(set.check_samples(), []);
}
