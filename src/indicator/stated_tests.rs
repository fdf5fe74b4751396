//! Facts about what reports for machines state.

use super::*;

fn found(list: &[(&str, &str)]) -> Vec<(&'static str, String)> {
    let list: Vec<Stated> = list
        .iter()
        .map(|(r#type, value)| Stated {
            value: (*value).to_owned(),
            r#type: (*r#type).to_owned(),
            ..Stated::default()
        })
        .collect();
    let mut found = Finds::within(100);
    read_into(
        &list,
        &Arc::from("attachment a.json"),
        &TextSettings::default(),
        &mut found,
    );
    let list = found.into_vec();
    list.iter().map(|find| (find.misp_type(), find.value.clone())).collect()
}

#[test]
fn a_whole_value_keeps_the_type_that_is_stated() {
    let given = [
        ("ip-src", "45.1.2.3"),
        ("email-src", "desk@kite-two.net"),
        ("x509-fingerprint-sha1", "3f786850e387550fdab836ed7e6dc881de23001b"),
        ("mutex", "Global\\kite"),
        ("filename|md5", "a b.exe|60b725f10c9c85c70d97880dfe8191b3"),
    ];
    let told: Vec<(&str, String)> = given.iter().map(|(kind, value)| (*kind, (*value).to_owned())).collect();
    assert_eq!(found(&given), told);
}

#[test]
fn a_type_that_does_not_fit_the_value_is_not_believed() {
    assert_eq!(
        found(&[("ip-src", "kite-two.net")]),
        [("domain", "kite-two.net".to_owned())]
    );
    assert_eq!(found(&[("md5", "words only")]), []);
}

#[test]
fn of_a_pair_without_a_type_of_ours_both_values_are_found() {
    let both = [("domain", "kite-two.net".to_owned()), ("ip-dst", "45.1.2.3".to_owned())];
    assert_eq!(found(&[("domain|ip", "kite-two.net|45.1.2.3")]), both);
}

#[test]
fn comment_category_and_flag_are_kept() {
    let stated = Stated {
        value: "45.1.2.3".to_owned(),
        r#type: "ip-dst".to_owned(),
        category: "Payload delivery".to_owned(),
        comment: " stage two ".to_owned(),
        to_ids: Some(false),
    };
    let mut found = Finds::within(100);
    read_into(
        &[stated],
        &Arc::from("attachment a.json"),
        &TextSettings::default(),
        &mut found,
    );
    let [find] = &found.into_vec()[..] else {
        panic!("one find")
    };
    let claim = find.stated.as_deref().expect("a claim");
    assert_eq!(
        (claim.category.as_str(), claim.to_ids, claim.r#type),
        ("Payload delivery", Some(false), None)
    );
    let text = "stage two".to_owned();
    assert_eq!(find.remarks, [Remark::Verbatim { text }]);
}
