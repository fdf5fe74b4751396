//! Facts about links, hidden text and attached files, and about how a find was found.

use super::super::{Indicator, in_contents, in_mail, in_text};
use super::stages::described;
use crate::config::{ContentsSettings, TextSettings};
use crate::contents::{self, Passwords};
use crate::domain::{FoundAs, Remark};
use crate::mail::{Aside, AsideKind, Attachment, AttachmentRole, Body, BodyKind, Link, LinkKind, Mail};

fn link(target: &str, shown: &str) -> Link {
    Link {
        target: target.into(),
        original: None,
        shown: shown.into(),
        kind: LinkKind::Anchor,
        line: 3,
    }
}

pub(super) fn html(text: &str, links: Vec<Link>) -> Mail {
    let body = Body {
        kind: BodyKind::Html,
        text: text.into(),
        source: None,
        asides: Vec::new(),
        links,
    };
    Mail {
        bodies: vec![body],
        ..Mail::default()
    }
}

fn of_link(target: &str, shown: &str) -> Vec<Indicator> {
    in_mail(&html("", vec![link(target, shown)]), false, &TextSettings::default()).into_vec()
}

#[test]
fn text_comes_before_links_and_a_link_gives_its_target() {
    let finds = in_mail(
        &html("see 8.8.8.8", vec![link("http://evil.com/x|y", "here")]),
        false,
        &TextSettings::default(),
    )
    .into_vec();
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
    )
    .into_vec();
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
        )
        .into_vec();
        let decoys = finds.into_iter().filter(|find| find.found_as == FoundAs::ShownOverLink);
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
        ("//evil.com/x", "Url https://evil.com/x,Domain evil.com"),
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

pub(super) fn file(name: Option<&str>, content_type: &str, bytes: &[u8]) -> Attachment {
    Attachment {
        name: name.map(str::to_owned),
        content_type: content_type.to_owned(),
        bytes: bytes.to_owned(),
        role: AttachmentRole::File,
        places: Vec::new(),
    }
}

/// What is found in an attachment.
pub(super) fn in_attachment(file: &Attachment, options: &TextSettings) -> Vec<Indicator> {
    let mail = Mail {
        attachments: vec![file.clone()],
        ..Mail::default()
    };
    let contents = contents::read(&mail, &Passwords::default(), &ContentsSettings::default(), &|| false);
    in_contents(&contents, options, |_| true).into_vec()
}

#[test]
fn text_attachments_are_read_by_name_and_content() {
    let options = TextSettings::default();
    let in_attachment = |name: &str, bytes: &[u8], options: &TextSettings| {
        in_attachment(&file(Some(name), "application/octet-stream", bytes), options)
    };
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
    assert_eq!(
        described(&in_attachment("a.txt", b"evil.com \xff\xfe", &options)),
        ["Domain evil.com"]
    );
}

#[test]
fn nameless_attachments_are_read_by_their_type() {
    let options = TextSettings::default();
    let found =
        |kind: &str, text: &str| described(&in_attachment(&file(None, kind, text.as_bytes()), &options)).join(",");
    assert_eq!(found("text/plain", "evil.com"), "Domain evil.com");
    assert_eq!(
        found("text/csv", "https://evil.com/a,b"),
        "Url https://evil.com/a,Domain evil.com"
    );
    let invitation = "BEGIN:VCALENDAR\r\nUID:1@uid.com\r\nURL:https://ev\r\n il.com/a\r\n";
    assert_eq!(
        found("text/calendar", invitation),
        "Url https://evil.com/a,Domain evil.com"
    );
    assert_eq!(found("application/octet-stream", "evil.com"), "");
    assert_eq!(found("text/html", "<p>evil.com"), "Domain evil.com");
    let finds = in_attachment(&file(None, "text/csv", b"evil.com"), &options);
    assert_eq!(
        (&*finds[0].place.part, finds[0].found_as),
        ("attachment text/csv", FoundAs::Attachment)
    );
}

/// `value way` of each find.
fn ways(finds: &[Indicator]) -> Vec<String> {
    let way = |find: &Indicator| format!("{} {:?}", find.value, find.found_as);
    finds.iter().map(way).collect()
}

#[test]
fn a_find_tells_how_it_was_found() {
    let options = TextSettings::default();
    let of_text = |text: &str| ways(&in_text(text, "p", &options));
    assert_eq!(of_text("evil.com"), ["evil.com Prose"]);
    assert_eq!(of_text("www.evil.com"), ["www.evil.com Link"]);
    assert_eq!(
        of_text("https://evil.com/"),
        ["https://evil.com/ Link", "evil.com Link"]
    );
    assert_eq!(
        of_text("hxxps://evil[.]com/"),
        ["https://evil.com/ Defanged", "evil.com Defanged"]
    );
    assert_eq!(
        of_text("evil.com, evil[.]com, https://evil.com"),
        ["evil.com Link", "https://evil.com Link"]
    );
    let kinds = [
        (LinkKind::Anchor, "Link"),
        (LinkKind::Form, "Form"),
        (LinkKind::Refresh, "Redirect"),
        (LinkKind::Image, "Loaded"),
        (LinkKind::Resource, "Loaded"),
    ];
    for (kind, way) in kinds {
        let link = Link {
            kind,
            ..link("https://evil.com/a", "")
        };
        let finds = in_mail(&html("", vec![link]), false, &options).into_vec();
        assert_eq!(
            ways(&finds),
            [format!("https://evil.com/a {way}"), format!("evil.com {way}")]
        );
    }
}

#[test]
fn of_hidden_text_only_links_are_found() {
    let mut mail = html("see", Vec::new());
    let aside = |text: &str, kind| Aside {
        text: text.to_owned(),
        line: 1,
        kind,
    };
    mail.bodies[0].asides = vec![
        aside("bank.com 8.8.8.8 https://evil.com/a", AsideKind::Hidden),
        aside("outlook-only.com", AsideKind::Outlook),
    ];
    assert_eq!(
        ways(&in_mail(&mail, false, &TextSettings::default()).into_vec()),
        ["https://evil.com/a Hidden", "evil.com Hidden", "outlook-only.com Prose"]
    );
}

#[test]
fn a_link_without_scheme_is_one_link() {
    let both = vec![link("//evil.com/x", ""), link("http://evil.com/y", "")];
    assert_eq!(
        described(&in_mail(&html("", both), false, &TextSettings::default()).into_vec()),
        ["Url http://evil.com/x", "Domain evil.com", "Url http://evil.com/y"]
    );
    let text = html("http://evil.com/x", vec![link("//evil.com/x", "")]);
    assert_eq!(
        described(&in_mail(&text, false, &TextSettings::default()).into_vec()).len(),
        2
    );
}

#[test]
fn what_a_rewriter_replaced_is_believed_of_rewriters_alone() {
    let with_original = |target: &str, original: &str| {
        let link = Link {
            original: Some(original.into()),
            ..link(target, "")
        };
        ways(&in_mail(&html("", vec![link]), false, &TextSettings::default()).into_vec())
    };
    assert_eq!(
        with_original("https://protect-eu.mimecast.com/s/abc", "https://evil.com/a"),
        ["https://evil.com/a Link", "evil.com Link"]
    );
    assert_eq!(
        with_original("https://evil.com/a", "https://bank.com/b"),
        [
            "https://bank.com/b Hidden",
            "bank.com Hidden",
            "https://evil.com/a Link",
            "evil.com Link"
        ]
    );
}

#[test]
fn what_no_browser_opens_gives_no_name_of_somebody_else() {
    for target in [
        "https://-evil.com/",
        "https://evil.com%00.net/",
        "https://evil.com:x/",
        "https://%zz.evil.com/",
    ] {
        let finds = of_link(target, "");
        assert!(finds.iter().all(|find| find.doubt.is_some()), "{target}: {finds:?}");
    }
    assert!(
        of_link("http://evil[.]com/", "")
            .iter()
            .all(|find| find.doubt.is_none())
    );
}

#[test]
fn a_page_inside_a_link_is_read_as_a_page() {
    let inner = "data:text/html;base64,PGEgaHJlZj0iaHR0cHM6Ly9ldmlsLmNvbS9hIj5nbzwvYT4=";
    assert_eq!(ways(&of_link(inner, "")), ["https://evil.com/a Link", "evil.com Link"]);
    let script = "data:text/html,<script>location='https://evil.com/b'</script>";
    assert_eq!(
        ways(&of_link(script, "")),
        ["https://evil.com/b Script", "evil.com Script"]
    );
    let nested = format!("data:text/html,{}", "<a href='data:text/html,".repeat(50_000));
    assert!(of_link(&nested, "").is_empty());
}
