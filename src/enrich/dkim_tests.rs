//! Mails that are signed here, with keys of our own.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};

use super::*;
use crate::mail::dkim::signatures;

const RSA: &[u8] = include_bytes!("../../tests/dns/dkim.pk8");
const FIELDS: &str = "From: Rook  <a@rook.example>\r\nSubject: hello\r\n";
const BODY: &str = "Dear  all,\r\n\r\nbye \r\n\r\n";

fn ed25519() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap()
}

/// What is in the DNS for the key of that algorithm.
fn record(algorithm: &str) -> String {
    if algorithm == "rsa" {
        let key = RsaKeyPair::from_pkcs8(RSA).unwrap();
        return format!("v=DKIM1; p={}", STANDARD.encode(key.public_key().as_ref()));
    }
    format!(
        "v=DKIM1; k=ed25519; p={}",
        STANDARD.encode(ed25519().public_key().as_ref())
    )
}

/// The mail, signed. The canonical forms are written by hand here.
fn signed(algorithm: &str, form: &str, more: &str) -> String {
    let (fields, body) = match form {
        "relaxed/relaxed" => (
            "from:Rook <a@rook.example>\r\nsubject:hello\r\n",
            "Dear all,\r\n\r\nbye\r\n",
        ),
        "simple/simple" => (FIELDS, "Dear  all,\r\n\r\nbye \r\n"),
        other => panic!("{other}"),
    };
    let length = more
        .strip_prefix("; l=")
        .map_or(body.len(), |length| length.parse().unwrap());
    let hash = STANDARD.encode(Sha256::digest(&body[..length]));
    let tags = format!("v=1; a={algorithm}-sha256; c={form}; d=rook.example; s=a; h=from:subject; bh={hash}{more}; b=");
    let name = if form.starts_with("relaxed") {
        "dkim-signature:"
    } else {
        "DKIM-Signature: "
    };
    let header = format!("{fields}{name}{tags}");
    let signature = if algorithm == "rsa" {
        let key = RsaKeyPair::from_pkcs8(RSA).unwrap();
        let mut signature = vec![0; key.public().modulus_len()];
        key.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            header.as_bytes(),
            &mut signature,
        )
        .unwrap();
        signature
    } else {
        ed25519().sign(&Sha256::digest(header)).as_ref().to_vec()
    };
    format!(
        "DKIM-Signature: {tags}{}\r\n{FIELDS}\r\n{BODY}",
        STANDARD.encode(signature)
    )
}

/// What becomes of the first signature of a mail, with this record in the DNS.
fn judged(raw: &str, record: &str) -> Seal {
    let keys = BTreeMap::from([(
        "a._domainkey.rook.example".to_owned(),
        Texts::Of(vec![record.to_owned()]),
    )]);
    seal(&signatures(raw.as_bytes())[0], &keys, 1000)
}

#[test]
fn what_was_signed_passes_in_every_form_and_with_every_key() {
    for algorithm in ["rsa", "ed25519"] {
        for form in ["relaxed/relaxed", "simple/simple"] {
            let raw = signed(algorithm, form, "");
            let record = record(algorithm);
            assert_eq!(judged(&raw, &record), Seal::Pass, "{algorithm} {form}");
            assert_eq!(
                judged(&raw.replace("\r\n", "\n"), &record),
                Seal::Pass,
                "{algorithm} {form}"
            );
            for (from, to, expected) in [
                ("bye", "pay", Seal::TextChanged),
                ("hello", "urgent", Seal::HeaderChanged),
                ("a@rook.example", "b@rook.example", Seal::HeaderChanged),
                ("h=from:subject", "h=subject:from", Seal::HeaderChanged),
            ] {
                let changed = raw.replace(from, to);
                assert_eq!(judged(&changed, &record), expected, "{algorithm} {form} {to}");
            }
            // White space counts in the simple form only.
            let wider = raw.replace("Rook  <", "Rook   <");
            let kept = judged(&wider, &record) == Seal::Pass;
            assert_eq!(kept, form == "relaxed/relaxed");
        }
    }
}

#[test]
fn a_part_of_a_text_and_a_time_are_told() {
    let record = record("rsa");
    let of = |more: &str| signed("rsa", "relaxed/relaxed", more);
    assert_eq!(judged(&of("; l=11"), &record), Seal::Partial);
    assert_eq!(judged(&of("; l=18"), &record), Seal::Pass);
    assert_eq!(judged(&of("; l=0"), &record), Seal::Partial);
    assert_eq!(judged(&of("; x=999"), &record), Seal::Expired);
    assert_eq!(judged(&of("; x=1000"), &record), Seal::Pass);
}

#[test]
fn a_key_is_only_what_the_record_says_that_it_is_for() {
    let raw = signed("rsa", "relaxed/relaxed", "");
    let rsa = record("rsa");
    for (record, expected) in [
        (rsa.replace("v=DKIM1; ", ""), Seal::Pass),
        (
            rsa.replace("v=DKIM1", "v=DKIM1; k=rsa; h=sha256; s=email; t=s"),
            Seal::Pass,
        ),
        (rsa.replace("v=DKIM1", "v=DKIM1; s=*"), Seal::Pass),
        (rsa.replace("v=DKIM1", "v=DKIM2"), Seal::NoKey),
        (rsa.replace("v=DKIM1", "v=DKIM1; h=sha1"), Seal::NoKey),
        (rsa.replace("v=DKIM1", "v=DKIM1; s=other"), Seal::NoKey),
        ("v=DKIM1; p=".to_owned(), Seal::NoKey),
        ("v=DKIM1; p=!!".to_owned(), Seal::NoKey),
        ("v=DKIM1; p=AAAA".to_owned(), Seal::HeaderChanged),
        (record("ed25519"), Seal::NoKey),
        ("v=spf1 -all".to_owned(), Seal::NoKey),
    ] {
        assert_eq!(judged(&raw, &record), expected, "{record}");
    }
    let unanswered = BTreeMap::from([("a._domainkey.rook.example".to_owned(), Texts::Unknown)]);
    assert_eq!(seal(&signatures(raw.as_bytes())[0], &unanswered, 1000), Seal::NoAnswer);
    let sha1 = raw.replace("rsa-sha256", "rsa-sha1");
    assert_eq!(judged(&sha1, &rsa), Seal::Unreadable);
}

#[test]
fn the_example_of_rfc_8463_passes() {
    let raw = "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n d=football.example.com; i=@football.example.com;\r\n q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n subject : date : message-id : from : subject : date;\r\n bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r\n Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r\nFrom: Joe SixPack <joe@football.example.com>\r\nTo: Suzie Q <suzie@shopping.example.net>\r\nSubject: Is dinner ready?\r\nDate: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\nMessage-ID: <20030712040037.46341.5F8J@football.example.com>\r\n\r\nHi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n";
    let key = Texts::Of(vec![
        "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=".to_owned(),
    ]);
    let keys = BTreeMap::from([("brisbane._domainkey.football.example.com".to_owned(), key)]);
    assert_eq!(seal(&signatures(raw.as_bytes())[0], &keys, 0), Seal::Pass);
}

#[test]
fn where_nothing_is_signed_nobody_is_asked() {
    let nobody = Dns {
        name_servers: vec!["127.0.0.1:1".parse().unwrap()],
        ..Dns::default()
    };
    let raw = signed("rsa", "relaxed/relaxed", "").replace("v=1", "v=2");
    let (sealed, notes) = verify(&[&[], &signatures(raw.as_bytes())], &nobody, 0);
    let seals: Vec<Vec<Seal>> = sealed
        .iter()
        .map(|of| of.iter().map(|one| one.seal).collect())
        .collect();
    assert_eq!((seals, notes.len()), (vec![vec![], vec![Seal::Unreadable]], 0));
}
