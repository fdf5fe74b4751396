//! Which flag each rule sets, and what it says.

use super::{Given, clicked, found, given, mail, url};
use crate::config::TextSettings;
use crate::domain::{FoundAs, Remark};
use crate::indicator::{Indicator, Kind, in_mail};
use crate::mail::{Body, BodyKind, Link, LinkKind};
use crate::policy::{Action, Role};

const LISTS: &str = "[hosts]\nown = ['mine.test']\nno_ids = ['check.test']\n";

fn sample(source: &str) -> Given {
    let people = [
        ("Delivered-To", "bob@company.org"),
        ("From", "Kestrel Bank <info@rook-mail.com>"),
        ("To", "bob@company.org, ann@elsewhere.org"),
    ];
    let mut given = given(mail(&people, ""), source);
    given.role = Role::Sample;
    given
}

pub(super) fn way(found_as: FoundAs, indicator: Indicator) -> Indicator {
    Indicator { found_as, ..indicator }
}

fn host(name: &str) -> Indicator {
    let kind = if name.parse::<std::net::IpAddr>().is_ok() {
        Kind::Ip
    } else {
        Kind::Hostname
    };
    found(kind, name, None)
}

/// The flag of the last indicator and why.
pub(super) fn judged(given: &Given, indicators: &[Indicator]) -> (bool, Remark) {
    let plan = given.plan(indicators.to_vec());
    match plan.nodes[0].actions.last() {
        Some(Action::Add(spec) | Action::Link(spec)) => (spec.to_ids, spec.why.cloned().unwrap()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn in_a_sample_a_flag_needs_a_reason() {
    let sample = sample(LISTS);
    let call = || clicked("https://login.rook-feather.top/a");
    for (find, to_ids, why) in [
        (call(), true, Remark::LinkToClick),
        (
            way(FoundAs::Form, url("https://a.rook.top/p")),
            true,
            Remark::FormTarget,
        ),
        (
            way(FoundAs::Redirect, url("https://a.rook.top/p")),
            true,
            Remark::PageRedirect,
        ),
        (
            way(FoundAs::Script, url("https://a.rook.top/p")),
            true,
            Remark::InScript,
        ),
        (way(FoundAs::Code, url("https://a.rook.top/p")), true, Remark::InCode),
        (
            way(FoundAs::Attachment, url("https://a.rook.top/p")),
            true,
            Remark::InAttachment,
        ),
        (
            way(FoundAs::Loaded, url("https://pics.other.top/p")),
            false,
            Remark::OnlyLoaded,
        ),
        (
            way(FoundAs::Loaded, url("https://cdn.rook-feather.top/p")),
            true,
            Remark::LoadedFromSender,
        ),
        (
            way(FoundAs::Loaded, url("https://img.rook-mail.com/p")),
            true,
            Remark::LoadedFromSender,
        ),
        (
            way(FoundAs::Hidden, url("https://pics.other.top/p")),
            false,
            Remark::HiddenText,
        ),
        (host("sign.in"), false, Remark::OnlyWritten),
        (host("185.1.2.3"), false, Remark::BaitAddress),
        (host("login.rook-feather.top"), true, Remark::LinkToClick),
        (found(Kind::Md5, &"a1".repeat(16), None), false, Remark::OnlyWritten),
        (
            found(Kind::Btc, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", None),
            true,
            Remark::Payee,
        ),
        (found(Kind::Email, "boss@rook.top", None), true, Remark::MailboxToAnswer),
        (found(Kind::Email, "any@gmail.com", None), true, Remark::MailboxToAnswer),
        (
            found(Kind::Vulnerability, "CVE-2024-3400", None),
            false,
            Remark::TypeNotDetected,
        ),
        (clicked("https://kestrel-bank.de/imprint"), false, Remark::CopiedBrand),
        (clicked("https://www.paypal.com/privacy"), false, Remark::WellKnownBrand),
        (clicked("https://www.facebook.com/kestrel"), false, Remark::PageBeside),
        (clicked("https://docs.google.com/forms/d/1"), true, Remark::LinkToClick),
        (way(FoundAs::Link, host("docs.google.com")), false, Remark::SharedHost),
        (way(FoundAs::Link, host("github.io")), false, Remark::HostingSuffix),
        (way(FoundAs::Link, host("rook.github.io")), true, Remark::LinkToClick),
        (
            way(FoundAs::Link, found(Kind::Domain, "gmail.com", None)),
            false,
            Remark::MailProvider,
        ),
        (
            way(FoundAs::Loaded, url("https://fonts.googleapis.com/css")),
            false,
            Remark::Furniture,
        ),
        (
            clicked("https://rook.top/?u=bob@company.org"),
            false,
            Remark::NamesRecipient,
        ),
        (
            clicked("https://rook.top/#YW5uQGVsc2V3aGVyZS5vcmc"),
            false,
            Remark::NamesRecipient,
        ),
        (clicked("https://www.company.org/"), false, Remark::ParticipantsHost),
        (clicked("https://wiki.mine.test/"), false, Remark::OwnHost),
        (clicked("https://check.test/"), false, Remark::WellKnownHost),
    ] {
        assert_eq!(judged(&sample, &[call(), find.clone()]), (to_ids, why), "{find:?}");
    }
}

#[test]
fn what_the_mail_is_for_keeps_its_flag_wherever_it_is() {
    // Without another link the brand's page or the site for everybody is where the mail calls to.
    let sample = sample("");
    for link in ["https://kestrel-bank.de/login", "https://www.facebook.com/kestrel-77"] {
        assert_eq!(judged(&sample, &[clicked(link)]), (true, Remark::LinkToClick), "{link}");
    }
    // A link through a sending provider's counter is no call: the sender's own site stays his.
    let mut counter = clicked("https://u7.ct.sendgrid.net/ls/click?upn=u001.a");
    let name = "SendGrid".to_owned();
    counter.remarks = vec![Remark::RewrittenOpaque { name }];
    let own_site = clicked("https://kestrel-bank.de/login");
    assert!(judged(&sample, &[counter, own_site]).0);
}

#[test]
fn in_a_report_what_is_named_is_flagged_and_what_nobody_may_block_is_not() {
    let report = given(mail(&[], ""), LISTS);
    let defanged = |find: Indicator| Indicator {
        defanged: true,
        ..way(FoundAs::Defanged, find)
    };
    for (find, to_ids, why) in [
        (host("rook.top"), true, Remark::NamedInReport),
        (host("193.42.60.1"), true, Remark::NamedInReport),
        (host("209.85.218.41"), false, Remark::SendingProvider),
        (defanged(host("rook.top")), true, Remark::Defanged),
        (clicked("https://rook.top/a"), true, Remark::LinkToClick),
        (defanged(host("www.paypal.com")), false, Remark::WellKnownBrand),
        (
            defanged(url("https://www.paypal.com/invoice/7")),
            true,
            Remark::Defanged,
        ),
        (host("herokuapp.com"), false, Remark::HostingSuffix),
        (host("sharepoint.com"), false, Remark::SharedHost),
        (found(Kind::Domain, "outlook.com", None), false, Remark::MailProvider),
        (
            found(Kind::Email, "rook@outlook.com", None),
            true,
            Remark::NamedInReport,
        ),
        (
            way(FoundAs::Loaded, url("https://cdn.sign.test/logo.png")),
            false,
            Remark::OnlyLoaded,
        ),
        (host("code.jquery.com"), false, Remark::Furniture),
    ] {
        assert_eq!(judged(&report, std::slice::from_ref(&find)), (to_ids, why), "{find:?}");
    }
}

#[test]
fn headers_are_judged_by_whose_they_are() {
    let line = "from h.example.net (rdns.NAME [ADDRESS]) by mx.company.org for <bob@company.org>; Mon, 2 Mar 2026 10:00:00 +0000";
    let flags = |from: &str, name: &str, address: &str| -> Vec<(String, bool, Remark)> {
        let line = line.replace("NAME", name).replace("ADDRESS", address);
        let headers = [("Received", line.as_str()), ("From", from), ("To", from)];
        let mut given = given(mail(&headers, ""), "");
        given.role = Role::Sample;
        let email = given.plan(Vec::new()).nodes.remove(0).email.unwrap();
        let judged = email.entries.into_iter().filter_map(|entry| match entry.action {
            Action::Add(spec) if matches!(entry.relation, "from" | "from-domain" | "received-header-ip") => {
                Some((entry.value, spec.to_ids, spec.why?.clone()))
            }
            _ => None,
        });
        judged.collect()
    };
    let (flagged, not) = (true, false);
    for (from, name, address, expected) in [
        // To = From proves nothing.
        (
            "x@rook.top",
            "rook.top",
            "193.42.60.1",
            [
                (flagged, Remark::SendersAddress),
                (flagged, Remark::SendersDomain),
                (flagged, Remark::SendersServer),
            ],
        ),
        (
            "x@gmail.com",
            "google.com",
            "193.42.60.1",
            [
                (flagged, Remark::SendersAddress),
                (not, Remark::MailProvider),
                (not, Remark::SendingProvider),
            ],
        ),
        (
            "x@paypal.com",
            "rook.top",
            "209.85.218.41",
            [
                (not, Remark::WellKnownBrand),
                (not, Remark::WellKnownBrand),
                (not, Remark::SendingProvider),
            ],
        ),
        (
            "bob@company.org",
            "company.org",
            "193.42.60.1",
            [(not, Remark::OwnSide), (not, Remark::OwnSide), (not, Remark::OwnSide)],
        ),
        (
            "b-bob=company.org@rook.top",
            "rook.top",
            "193.42.60.1",
            [
                (not, Remark::NamesRecipient),
                (flagged, Remark::SendersDomain),
                (flagged, Remark::SendersServer),
            ],
        ),
        (
            "x@azurewebsites.net",
            "rook.top",
            "193.42.60.1",
            [
                (flagged, Remark::SendersAddress),
                (not, Remark::HostingSuffix),
                (flagged, Remark::SendersServer),
            ],
        ),
    ] {
        let judged: Vec<_> = flags(from, name, address)
            .into_iter()
            .map(|(_, to_ids, why)| (to_ids, why))
            .collect();
        assert_eq!(judged, expected, "{from} {name} {address}");
    }
}

#[test]
fn a_greeting_with_a_famous_name_hides_no_address() {
    for (greeting, to_ids) in [("yahoo.com", true), ("smtp7.hostinger.io", false), ("rook.top", true)] {
        let line = format!("from {greeting} (193.42.60.1) by mx.company.org; Mon, 2 Mar 2026 10:00:00 +0000");
        let mut given = given(mail(&[("Received", &line), ("From", "x@rook.top")], ""), "");
        given.role = Role::Sample;
        let email = given.plan(Vec::new()).nodes.remove(0).email.unwrap();
        let address = email
            .entries
            .iter()
            .find(|entry| entry.relation == "received-header-ip")
            .unwrap();
        let Action::Add(spec) = &address.action else {
            panic!("{address:?}")
        };
        assert_eq!(spec.to_ids, to_ids, "{greeting}");
    }
}

#[test]
fn many_links_and_recipients_are_judged_in_linear_time() {
    let people: Vec<String> = (0..2000).map(|n| format!("p{n}@c{n}.org")).collect();
    let mut crowd = mail(&[("To", &people.join(", ")), ("From", "x@rook.top")], "");
    let link = |n: usize| Link {
        original: None,
        target: format!("https://h{n}.rook{n}.top/?u=p{n}@c{n}.org&v=a"),
        shown: String::new(),
        kind: LinkKind::Anchor,
        line: 1,
    };
    crowd.bodies = vec![Body {
        kind: BodyKind::Html,
        text: String::new(),
        source: None,
        asides: Vec::new(),
        links: (0..2000).map(link).collect(),
    }];
    let finds = in_mail(&crowd, false, &TextSettings::default()).into_vec();
    let mut given = given(crowd, "");
    given.role = Role::Sample;
    let plan = given.plan(finds);
    let named = plan.nodes[0]
        .actions
        .iter()
        .filter(|action| matches!(action, Action::Add(spec) if spec.why == Some(&Remark::NamesRecipient)));
    // No more people than a mailing list's are looked at.
    assert_eq!(named.count(), 500);
}
