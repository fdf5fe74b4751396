//! Facts about places, mails, links, attachments and options.

use super::super::{Doubt, Indicator, Kind, in_attachment, in_mail, in_text};
use crate::config::TextSettings;
use crate::domain::Remark;
use crate::mail::{Body, BodyKind, HeaderField, Link, LinkKind, Mail};

fn link(target: &str, shown: &str) -> Link {
    Link {
        target: target.into(),
        shown: shown.into(),
        kind: LinkKind::Anchor,
        line: 3,
    }
}

fn html(text: &str, links: Vec<Link>) -> Mail {
    let body = Body {
        kind: BodyKind::Html,
        text: text.into(),
        source: None,
        links,
    };
    Mail {
        bodies: vec![body],
        ..Mail::default()
    }
}

fn described(finds: &[Indicator]) -> Vec<String> {
    finds
        .iter()
        .map(|find| format!("{:?} {}", find.kind, find.value))
        .collect()
}

fn of_link(target: &str, shown: &str) -> Vec<Indicator> {
    in_mail(&html("", vec![link(target, shown)]), false, &TextSettings::default())
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
fn text_comes_before_links_and_a_link_gives_its_target() {
    let finds = in_mail(
        &html("see 8.8.8.8", vec![link("http://evil.com/x|y", "here")]),
        false,
        &TextSettings::default(),
    );
    assert_eq!(
        described(&finds),
        ["Ip 8.8.8.8", "Url http://evil.com/x|y", "Domain evil.com"]
    );
    assert_eq!((&*finds[1].place.part, finds[1].place.line), ("text/html link", 3));
}

#[test]
fn a_link_that_shows_another_host_says_so() {
    let finds = in_mail(
        &html("www.paypal.com", vec![link("http://evil.com/", "www.paypal.com")]),
        false,
        &TextSettings::default(),
    );
    assert_eq!(
        described(&finds),
        ["Hostname www.paypal.com", "Url http://evil.com/", "Domain evil.com"]
    );
    assert_eq!(
        finds[1].remarks,
        [Remark::LinkTextShows {
            shown: "www.paypal.com".into()
        }]
    );
    assert_eq!(of_link("http://www.evil.com/", "evil.com")[0].remarks, []);
    let safelink = "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.com%2Fx";
    assert_eq!(of_link(safelink, "https://evil.com/x")[0].remarks, []);
}

#[test]
fn what_the_text_of_a_link_shows_is_a_decoy_unless_a_link_leads_there() {
    let decoys = |links: &[(&str, &str)]| {
        let text: Vec<&str> = links.iter().map(|(_, shown)| *shown).collect();
        let links = links.iter().zip(1..).map(|((target, shown), line)| Link {
            line,
            ..link(target, shown)
        });
        let finds = in_mail(
            &html(&text.join("\n"), links.collect()),
            false,
            &TextSettings::default(),
        );
        let decoys = finds.into_iter().filter(|find| find.decoy);
        decoys.map(|find| (find.value, find.remarks)).collect::<Vec<_>>()
    };
    let (bank, evil) = ("https://www.bank.com/login", "http://x.evil.com/");
    let remark = vec![Remark::ShownAsLinkText {
        target: "x.evil.com".to_owned(),
    }];
    assert_eq!(
        decoys(&[(evil, bank)]),
        [(bank.to_owned(), remark.clone()), ("www.bank.com".to_owned(), remark)]
    );
    assert_eq!(decoys(&[(evil, bank), ("https://bank.com/imprint", "imprint")]), []);
    assert_eq!(decoys(&[(evil, "www.evil.com")]), []);
    assert_eq!(decoys(&[("https://eu.mimecast.com/s/abc", "http://evil.com/a")]), []);
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
        described(&in_mail(&mail, true, &TextSettings::default())),
        ["Domain evil.com"]
    );
    assert!(in_mail(&mail, false, &TextSettings::default()).is_empty());
}

#[test]
fn schemes_of_links_are_told_apart() {
    let cases = [
        ("mailto:bad%40evil.com?subject=x", "Email bad@evil.com"),
        ("tel:+43123456789", ""),
        ("cid:part1.abc@evil.com", ""),
        (
            "javascript:window.location='http://evil.com/x'",
            "Url http://evil.com/x,Domain evil.com",
        ),
        (
            "data:text/html,<script src='https://evil.com/x'>",
            "Url https://evil.com/x,Domain evil.com",
        ),
        ("data:image/png;base64,aHR0cDovL2V2aWwuY29tL3gueA==", ""),
        ("//evil.com/x", "Url http://evil.com/x,Domain evil.com"),
        ("www.evil.com/x", "Url www.evil.com/x,Hostname www.evil.com"),
        ("#top", ""),
        ("", ""),
        ("HTTPS://Evil[.]com/X.", "Url https://evil.com/X.,Domain evil.com"),
        (
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.com%2Fx",
            "Url https://evil.com/x,Domain evil.com",
        ),
        (
            "https://l.facebook.com/l.php?u=https%3A%2F%2Fevil.com%2Fx",
            "Url https://l.facebook.com/l.php?u=https%3A%2F%2Fevil.com%2Fx,Url https://evil.com/x,Domain evil.com",
        ),
    ];
    for (target, wanted) in cases {
        assert_eq!(described(&of_link(target, "")).join(","), wanted, "{target}");
    }
}

#[test]
fn text_attachments_are_read_by_name_and_content() {
    let options = TextSettings::default();
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain("evil.com".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    assert_eq!(
        described(&in_attachment("a.txt", &utf16, &options)),
        ["Domain evil.com"]
    );
    let csv = in_attachment("iocs.CSV", b"http://evil.com/x,C2\n", &options);
    assert_eq!(described(&csv), ["Url http://evil.com/x", "Domain evil.com"]);
    assert_eq!(&*csv[0].place.part, "attachment iocs.CSV");
    assert!(in_attachment("a.exe", b"evil.com", &options).is_empty());
    assert!(in_attachment("a.txt", b"evil.com\x00\x01", &options).is_empty());
    assert!(in_attachment("a.txt", b"evil.com \xff\xfe", &options).is_empty());
}

#[test]
fn unroutable_finds_stay_visible() {
    let finds = in_text("http://10.1.1.1/x", "p", &TextSettings::default());
    assert!(finds.iter().all(|find| find.doubt == Some(Doubt::UnroutableAddress)));
    assert_eq!(finds[1].kind, Kind::Ip);
}
