use super::*;

const ENTRY: &str = "texthash:/etc/postfix/mispigeon-aliases";
const DEFAULT: &str = "hash:/etc/aliases, nis:mail.aliases";

#[test]
fn what_was_named_is_what_it_was_again() {
    for list in ["hash:/etc/aliases", DEFAULT, "", "a, b,c  d", "inline:{ a=b, c=d }, $x"] {
        let longer = with(list, ENTRY, true);
        assert!(contains(&longer, ENTRY));
        assert_eq!(without(&longer, ENTRY, DEFAULT).as_deref(), Some(list), "{longer}");
    }
}

#[test]
fn what_was_not_named_is_named_no_more() {
    assert_eq!(without(&with(DEFAULT, ENTRY, false), ENTRY, DEFAULT), None);
    assert_eq!(without(&with("", ENTRY, false), ENTRY, ""), None);
}

#[test]
fn what_a_person_did_since_stays() {
    let longer = with(DEFAULT, ENTRY, false) + ", hash:/etc/more";
    let rest = format!("{DEFAULT}, hash:/etc/more");
    assert_eq!(without(&longer, ENTRY, DEFAULT), Some(rest));
    for (list, rest) in [
        (format!("a {ENTRY}"), "a"),
        (format!("a, {ENTRY}, b"), "a, b"),
        (format!("a\n\t{ENTRY}\n\tb"), "a, b"),
    ] {
        assert_eq!(without(&list, ENTRY, DEFAULT).as_deref(), Some(rest), "{list}");
    }
}

#[test]
fn an_entry_is_a_whole_word() {
    for list in [
        "",
        "hash:/etc/aliases",
        &format!("{ENTRY}2"),
        &format!("x{ENTRY}"),
        &format!("{{{ENTRY}}}"),
    ] {
        assert!(!contains(list, ENTRY), "{list}");
        assert_eq!(without(list, ENTRY, DEFAULT), None);
    }
    assert!(contains(&format!("{ENTRY}2 {ENTRY}"), ENTRY));
}
