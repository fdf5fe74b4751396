use super::super::Request;
use super::super::preview::{Preview, preview};
use super::*;

const MAIL: &str = "Subject: s\nTo: ana@corp.example\nContent-Type: text/html\n\n\
    <p>see hxxp://one[.]bench-orchard[.]com/A?x=1 and two.bench-pigeon.org</p>\
    <a href='https://Three.Bench-Lantern.net/ä b?u=ana@corp.example'>three</a>\
    <a href='https://three.bench-lantern.net/other'>other</a>\
    <a href='https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Ffour.bench-anchor.com%2Fx&amp;data=1'>four</a>";

fn look(settings: &Settings) -> Preview {
    preview(
        MAIL.as_bytes().to_vec(),
        Request::default(),
        settings,
        ("2026-01-02", &|| false),
    )
    .unwrap()
}

fn values(preview: &Preview, items: &[usize]) -> Vec<String> {
    let value = |at: &usize| value(&preview.items[*at]).unwrap().to_owned();
    items.iter().map(value).collect()
}

#[test]
fn a_stretch_of_text_has_what_stands_in_it_however_it_is_written() {
    let settings = Settings::default();
    let seen = look(&settings);
    let inside = |text: &str| values(&seen, &in_text(&seen.items, text, &settings));
    let one = ["http://one.bench-orchard.com/A?x=1", "one.bench-orchard.com"];
    assert_eq!(inside("see hxxp://one[.]bench-orchard[.]com/A?x=1 and"), one);
    assert_eq!(inside("http://ONE.bench-orchard.com/A?x=1"), one);
    assert_eq!(inside("and two.bench-pigeon.org"), ["two.bench-pigeon.org"]);
    // A path tells cases apart, and half a name is another name.
    assert_eq!(inside("http://one.bench-orchard.com/a?x=1"), ["one.bench-orchard.com"]);
    assert_eq!(inside("wo.bench-pigeon.org"), Vec::<String>::new());
    assert_eq!(inside("see and"), Vec::<String>::new());
}

#[test]
fn a_link_has_its_target_and_what_that_leads_to() {
    let settings = Settings::default();
    let seen = look(&settings);
    let inside = |link: &str| values(&seen, &in_link(&seen.items, link, &settings));
    let three = inside("https://three.bench-lantern.net/%C3%A4%20b?u=ana@corp.example");
    assert_eq!(three.len(), 2, "{three:?}");
    assert!(
        three[0].ends_with("u=ana@corp.example") && three[1] == "three.bench-lantern.net",
        "{three:?}"
    );
    let wrapped = "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Ffour.bench-anchor.com%2Fx&data=1";
    assert_eq!(
        inside(wrapped),
        ["https://four.bench-anchor.com/x", "four.bench-anchor.com"]
    );
    assert_eq!(inside("https://elsewhere.bench-anchor.com/x"), Vec::<String>::new());
}

#[test]
fn a_target_that_ends_before_ones_own_people_is_found_by_its_beginning() {
    let settings = Settings::default();
    let mut settings = settings;
    settings.privacy.people = vec!["ana@corp.example".to_owned()];
    let seen = look(&settings);
    let inside = values(
        &seen,
        &in_link(
            &seen.items,
            "https://three.bench-lantern.net/%C3%A4%20b?u=ana@corp.example",
            &settings,
        ),
    );
    assert!(
        inside
            .iter()
            .any(|value| value.starts_with("https://three.bench-lantern.net/") && !value.contains("ana")),
        "{inside:?}"
    );
    assert!(!inside.iter().any(|value| value.ends_with("/other")), "{inside:?}");
}
