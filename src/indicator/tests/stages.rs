//! Facts about places, the subject and options.

use std::sync::Arc;

use super::super::{Doubt, Indicator, Kind, in_mail, in_text};
use super::links::html;
use crate::config::TextSettings;
use crate::mail::HeaderField;

pub(super) fn described(finds: &[Indicator]) -> Vec<String> {
    finds
        .iter()
        .map(|find| format!("{:?} {}", find.kind, find.value))
        .collect()
}

#[test]
fn a_find_knows_part_line_and_the_text_as_written() {
    let finds = in_text("one\ntwo hxxp://EVIL[.]com/x\n", "text/plain", &TextSettings::default());
    assert_eq!(
        (&*finds[0].place.part, finds[0].place.line, finds[0].written()),
        ("text/plain", 2, "hxxp://EVIL[.]com/x")
    );
    assert_eq!(finds[0].host(), Some("evil.com"));
}

#[test]
fn a_find_knows_whether_it_was_defanged() {
    for (text, defanged) in [
        ("evil[.]com", true),
        ("evil.com", false),
        ("http://evil.com/x", false),
        ("hxxp://evil.com/x", true),
        ("http://evil[.]com/x", true),
        ("http://evil.com[:]80/x", true),
        ("http://evil.com/a[.]php", true),
        ("http://evil.com/a[1].php", false),
        ("evil.com[/]x", true),
        ("evil.com[:]8080", true),
        ("evil.com:8080", false),
        ("8.8.8[.]8", true),
        ("8.8.8.8", false),
        ("8.8.8.0[/]24", true),
        ("2001[:]db8::1:7", true),
        ("2001:db8::1:7", false),
        ("a[@]evil.com", true),
        ("a@evil[.]com", true),
        ("a@evil.com", false),
        ("hxxps://www.google.com/url?q=https://evil.com/x", true),
    ] {
        let finds = in_text(text, "p", &TextSettings::default());
        assert!(
            !finds.is_empty() && finds.iter().all(|find| find.defanged == defanged),
            "{text}: {finds:?}"
        );
    }
}

#[test]
fn written_text_is_cut_at_300_characters() {
    let finds = in_text(
        &format!("http://evil.com/{}", "ä".repeat(500)),
        "p",
        &TextSettings::default(),
    );
    assert_eq!(finds[0].written().chars().count(), 300);
}

#[test]
fn a_find_without_doubt_wins_and_the_first_place_is_kept() {
    let finds = in_text("evil.zip\n\nevil[.]zip\n\nevil[.]zip", "p", &TextSettings::default());
    assert_eq!((finds.len(), finds[0].doubt, finds[0].place.line), (1, None, 3));
}

#[test]
fn ignored_lines_and_what_follows_the_stop_word_are_not_read() {
    let options = TextSettings {
        ignore_lines: vec!["Whois".into()],
        stop_word: Some("-- end".into()),
        ..TextSettings::default()
    };
    let finds = in_text("evil.com\nWhois: bad.org\nok.net\n-- end\nlate.org", "p", &options);
    assert_eq!(described(&finds), ["Domain evil.com", "Domain ok.net"]);
    assert_eq!(finds[1].place.line, 3);
}

#[test]
fn the_subject_is_read_when_asked_for() {
    let mut mail = html("", Vec::new());
    let value = "attack by evil[.]com".to_owned();
    mail.headers.fields.push(HeaderField {
        name: "Subject".into(),
        raw: value.clone(),
        value,
    });
    assert_eq!(
        described(&in_mail(&mail, true, &TextSettings::default()).into_vec()),
        ["Domain evil.com"]
    );
    assert!(in_mail(&mail, false, &TextSettings::default()).into_vec().is_empty());
}

#[test]
fn unroutable_finds_stay_visible() {
    let finds = in_text("http://10.1.1.1/x", "p", &TextSettings::default());
    assert!(finds.iter().all(|find| find.doubt == Some(Doubt::UnroutableAddress)));
    assert_eq!(finds[1].kind, Kind::Ip);
}

#[test]
fn the_finds_of_one_url_share_how_it_is_written() {
    let found = in_text("hxxp://evil[.]com/a hxxp://evil[.]top/b", "p", &TextSettings::default());
    let written = |find: &Indicator| Arc::clone(find.place.written.as_ref().unwrap());
    let [url, host, other_url, other_host] = &found[..] else {
        panic!("{found:?}")
    };
    assert!(Arc::ptr_eq(&written(url), &written(host)) && Arc::ptr_eq(&written(other_url), &written(other_host)));
    assert_eq!(
        (url.written(), other_host.written()),
        ("hxxp://evil[.]com/a", "hxxp://evil[.]top/b")
    );
}
