//! What the flags make of who sent a mail, as far as that is known.

use super::flags::{judged, way};
use super::{clicked, found, given, mail, url};
use crate::domain::{Authentication, Checked, FoundAs, Outcome, Remark, Seal, Sealed};
use crate::indicator::{Indicator, Kind};
use crate::policy::{Action, Role};

/// What a server of one's own found out about the sender.
fn checked(dmarc: Outcome, passed: &str) -> Authentication {
    let of = |result, domain: Option<&str>| Checked {
        result,
        domain: domain.map(str::to_owned),
    };
    Authentication {
        trusted: true,
        dkim: vec![of(Outcome::Pass, Some(passed))],
        dmarc: Some(of(dmarc, None)),
        ..Authentication::default()
    }
}

#[test]
fn what_ones_own_server_found_out_decides_whose_the_sender_is() {
    let flags = |from: &str, known: Authentication| -> Vec<(bool, Remark)> {
        let line =
            "from mail.kestrel-bank.de (unknown [193.42.60.1]) by mx.company.org; Mon, 2 Mar 2026 10:00:00 +0000";
        let headers = [
            ("Received", line),
            ("From", from),
            ("Return-Path", "x@rook.onmicrosoft.com"),
        ];
        let mut given = given(mail(&headers, ""), "");
        given.role = Role::Sample;
        given.authentication = Some(known);
        let email = given.plan(Vec::new()).nodes.remove(0).email.unwrap();
        let wanted = ["from", "from-domain", "return-path", "received-header-hostname"];
        let judged = email.entries.into_iter().filter_map(|entry| match entry.action {
            Action::Add(spec) if wanted.contains(&entry.relation) => Some((spec.to_ids, spec.why?.clone())),
            _ => None,
        });
        judged.collect()
    };
    let (flagged, not) = (true, false);
    let tenant = (flagged, Remark::ProvidersCustomer);
    let server = (flagged, Remark::SendersServer);
    for (from, dmarc, passed, expected) in [
        (
            "x@kestrel-bank.de",
            Outcome::Fail,
            "rook.onmicrosoft.com",
            [
                (not, Remark::ForgedSender),
                (not, Remark::ForgedSender),
                tenant.clone(),
                (not, Remark::ForgedSender),
            ],
        ),
        (
            "x@kestrel-bank.de",
            Outcome::Pass,
            "rook.onmicrosoft.com",
            [
                (flagged, Remark::ProvenSender),
                (flagged, Remark::ProvenSender),
                tenant.clone(),
                server.clone(),
            ],
        ),
        (
            "x@kestrel-bank.de",
            Outcome::None,
            "other.com",
            [
                (flagged, Remark::SendersAddress),
                (flagged, Remark::SendersDomain),
                (flagged, Remark::SendersAddress),
                server.clone(),
            ],
        ),
        // Nobody may block a brand, whoever wrote.
        (
            "x@paypal.com",
            Outcome::Pass,
            "paypal.com",
            [
                (not, Remark::WellKnownBrand),
                (not, Remark::WellKnownBrand),
                (flagged, Remark::SendersAddress),
                server.clone(),
            ],
        ),
        (
            "x@gmail.com",
            Outcome::Pass,
            "gmail.com",
            [
                (flagged, Remark::ProvenSender),
                (not, Remark::MailProvider),
                (flagged, Remark::SendersAddress),
                server.clone(),
            ],
        ),
        (
            "x@gmail.com",
            Outcome::Fail,
            "rook.top",
            [
                (not, Remark::ForgedSender),
                (not, Remark::ForgedSender),
                (flagged, Remark::SendersAddress),
                server.clone(),
            ],
        ),
        (
            "x@sandbox7.mailgun.org",
            Outcome::Pass,
            "sandbox7.mailgun.org",
            [
                (flagged, Remark::ProvidersCustomer),
                (flagged, Remark::ProvidersCustomer),
                (flagged, Remark::SendersAddress),
                server.clone(),
            ],
        ),
        (
            "x@mailgun.org",
            Outcome::Pass,
            "mailgun.org",
            [
                (not, Remark::SendingProvider),
                (not, Remark::SendingProvider),
                (flagged, Remark::SendersAddress),
                server,
            ],
        ),
    ] {
        let known = checked(dmarc, passed);
        assert_eq!(flags(from, known.clone()), expected, "{from} {dmarc:?} {passed}");
        // Anybody can write what nobody of one's own says.
        let untrusted = Authentication {
            trusted: false,
            ..known
        };
        let by_proof = [Remark::ForgedSender, Remark::ProvenSender, Remark::ProvidersCustomer];
        let judged = flags(from, untrusted);
        assert!(judged.iter().all(|(_, why)| !by_proof.contains(why)), "{judged:?}");
    }
}

#[test]
fn what_is_of_a_forged_domain_is_not_the_senders() {
    let links = |dmarc, find: Indicator, with_call: bool| {
        let people = [("From", "Info <info@kestrel.top>")];
        let mut given = given(mail(&people, ""), "");
        given.role = Role::Sample;
        given.authentication = Some(checked(dmarc, "other.com"));
        let call = with_call.then(|| clicked("https://login.rook-feather.top/a"));
        let finds: Vec<Indicator> = call.into_iter().chain([find]).collect();
        judged(&given, &finds)
    };
    let link = || clicked("https://www.kestrel.top/imprint");
    let picture = || way(FoundAs::Loaded, url("https://www.kestrel.top/logo.png"));
    let mailbox = || found(Kind::Email, "info@kestrel.top", None);
    let (fail, pass) = (Outcome::Fail, Outcome::Pass);
    for (dmarc, find, with_call, expected) in [
        (fail, link(), true, (false, Remark::ForgedSender)),
        // Where the mail calls to is what it is for.
        (fail, link(), false, (true, Remark::LinkToClick)),
        (pass, link(), true, (true, Remark::LinkToClick)),
        (fail, picture(), true, (false, Remark::OnlyLoaded)),
        (pass, picture(), true, (true, Remark::LoadedFromSender)),
        (fail, mailbox(), false, (false, Remark::ForgedSender)),
        (pass, mailbox(), false, (true, Remark::MailboxToAnswer)),
    ] {
        assert_eq!(links(dmarc, find.clone(), with_call), expected, "{dmarc:?} {find:?}");
    }
}

#[test]
fn a_signature_that_was_verified_here_proves_the_sender() {
    let told = |seal: Seal, known: Option<Authentication>| {
        let people = [("From", "Rook <x@rook-feather.com>")];
        let mut given = given(mail(&people, ""), "");
        given.role = Role::Sample;
        given.authentication = known;
        let domain = "mail.rook-feather.com".to_owned();
        given.knowledge.sealed = vec![vec![Sealed { domain, seal }]];
        let mut plan = given.plan(Vec::new());
        let email = plan.nodes.remove(0).email.unwrap();
        let spec = |relation: &str| {
            let mut entries = email.entries.iter().filter(|entry| entry.relation == relation);
            match &entries.next().unwrap().action {
                Action::Add(spec) => spec.clone(),
                other => panic!("{other:?}"),
            }
        };
        let tags: Vec<String> = plan.tags.into_iter().filter(|tag| tag.contains("dkim")).collect();
        (
            spec("from").why.unwrap().clone(),
            spec("header").comment(),
            tags.join(" "),
        )
    };
    let says = |seal: &str| format!("DKIM verified here: d=mail.rook-feather.com {seal}");
    let tag = |result: &str| format!("authentication:dkim=\"{result}\"");
    for (seal, why, words, result) in [
        (Seal::Pass, Remark::ProvenSender, "pass", "pass"),
        (
            Seal::Partial,
            Remark::SendersAddress,
            "pass for a part of the text",
            "policy",
        ),
        (Seal::TextChanged, Remark::SendersAddress, "fail (text changed)", "fail"),
        (
            Seal::HeaderChanged,
            Remark::SendersAddress,
            "fail (header changed)",
            "fail",
        ),
        (Seal::NoKey, Remark::SendersAddress, "no key", "permerror"),
        (Seal::Expired, Remark::SendersAddress, "expired", "policy"),
    ] {
        assert_eq!(told(seal, None), (why, says(words), tag(result)), "{seal:?}");
    }
    let (why, words, tags) = told(Seal::NoAnswer, None);
    assert_eq!(
        (why, words, tags.as_str()),
        (Remark::SendersAddress, says("no answer"), "")
    );
    // One's own server saw the mail first.
    let known = checked(Outcome::None, "other.com");
    let (_, words, tags) = told(Seal::NoKey, Some(known));
    assert!(
        words.starts_with("a server of one's own found: ") && words.ends_with(&says("no key")),
        "{words}"
    );
    assert_eq!(tags, tag("pass"));
}
