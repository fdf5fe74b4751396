use super::open;
use crate::config::Settings;
use crate::domain::{Mode, Original, Overrides, Sha256};
use crate::mail;
use crate::misp::event::Draft;
use crate::pipeline::preview::{Encryption, preview};
use crate::pipeline::{Request, draft, prepare};

const CIPHERTEXT: &str = "From: a@colleague.example\nSubject: ...\nMessage-ID: <1@colleague.example>\n\
    Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=x\n\n\
    --x\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\n\
    --x\nContent-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----\n\nhQ==\n-----END PGP MESSAGE-----\n--x--\n";

const TEXT: &str = "From: a@colleague.example\nSubject: the plan\nMessage-ID: <1@colleague.example>\n\n\
    Block hxxp://evil-one[.]com/x\n";

fn decrypted() -> Request {
    Request {
        overrides: Overrides {
            decrypted: true,
            ..Overrides::default()
        },
        original: Some(mail::original(CIPHERTEXT.as_bytes())),
        ..Request::default()
    }
}

fn event_of(raw: &str, request: Request, settings: &Settings) -> Draft {
    let prepared = prepare(raw.as_bytes().to_vec(), request, settings).unwrap();
    let one = prepared.into_iter().next().unwrap();
    draft(one, settings, "2026-01-02", &mut |_| {
        crate::enrich::Knowledge::default()
    })
    .unwrap()
}

#[test]
fn a_decrypted_mail_makes_the_event_of_the_encrypted_one() {
    let settings = Settings::default();
    let encrypted = event_of(CIPHERTEXT, Request::default(), &settings);
    let read = event_of(TEXT, decrypted(), &settings);
    assert_eq!(read.event.uuid, encrypted.event.uuid);
    assert_ne!(
        read.event.uuid,
        event_of(TEXT, Request::default(), &settings).event.uuid
    );
    let values = |draft: &Draft| serde_json::to_string(&draft.event).unwrap();
    assert!(values(&read).contains("http://evil-one.com/x") && !values(&encrypted).contains("evil-one"));
    let has_note = |draft: &Draft| {
        draft
            .notes
            .iter()
            .any(|note| note.to_string().starts_with("decrypted by the reader"))
    };
    assert!(has_note(&read) && !has_note(&encrypted));
    assert!(
        values(&read).contains("decrypted by the reader"),
        "the event says it too"
    );
}

#[test]
fn what_was_found_to_tell_what_a_mail_is_is_what_it_has_as_that() {
    let settings = Settings::default();
    let mut samples = 0;
    for file in std::fs::read_dir("tests/mails").unwrap() {
        let path = file.unwrap().path();
        let Some(raw) = std::fs::read_to_string(&path)
            .ok()
            .filter(|_| path.extension().is_some_and(|it| it == "eml"))
        else {
            continue;
        };
        let is = open(raw.clone().into(), Request::default(), &|| false, &settings).map(|opened| opened.judgement.is);
        if is.ok() != Some(Mode::Sample) {
            continue;
        }
        samples += 1;
        let asked = Request {
            mode: Mode::Sample,
            ..Request::default()
        };
        let [told, asked] = [Request::default(), asked].map(|request| event_of(&raw, request, &settings).event);
        let [told, asked] = [told, asked].map(|event| (event.attributes, event.objects));
        assert_eq!(told, asked, "{}", path.display());
    }
    assert!(samples > 50, "{samples}");
}

#[test]
fn lists_name_a_decrypted_mail_as_the_encrypted_one() {
    let opened = open(TEXT.into(), decrypted(), &|| false, &Settings::default()).unwrap();
    assert_eq!(opened.whole.subject.as_deref(), Some("..."));
    assert_eq!(opened.whole.identity, mail::canonical_sha256(CIPHERTEXT.as_bytes()));
}

#[test]
fn the_clear_text_is_not_attached() {
    let mut settings = Settings::default();
    settings.event.attach_original = true;
    let made = |request: Request| {
        let mode = crate::domain::Mode::Sample;
        let draft = event_of(TEXT, Request { mode, ..request }, &settings);
        let is_attached = serde_json::to_string(&draft.event).unwrap().contains("\"eml\"");
        let has_note = draft.notes.iter().any(|note| note.code == "clear_text_not_attached");
        (is_attached, has_note)
    };
    assert_eq!(made(Request::default()), (true, false));
    assert_eq!(made(decrypted()), (false, true));
}

#[test]
fn mails_inside_a_decrypted_carrier_keep_their_identity_and_hide_their_subject() {
    let carrier = "From: a@colleague.example\nSubject: see\nContent-Type: multipart/mixed; boundary=y\n\n--y\n\nfwd\n\
        --y\nContent-Type: message/rfc822\n\nFrom: x@evil-one.com\nSubject: secret words\n\nhttp://evil-one.com/\n--y--\n";
    let request = Request {
        mode: crate::domain::Mode::Carrier,
        original: Some(Original {
            identity: Sha256::of(b"other"),
            ..decrypted().original.unwrap()
        }),
        ..decrypted()
    };
    let settings = Settings::default();
    let inside = prepare(carrier.as_bytes().to_vec(), request, &settings)
        .unwrap()
        .remove(0)
        .submission;
    let plain = Request {
        mode: crate::domain::Mode::Carrier,
        ..Request::default()
    };
    let alone = prepare(carrier.as_bytes().to_vec(), plain, &settings)
        .unwrap()
        .remove(0)
        .submission;
    assert_eq!(inside.identity, alone.identity);
    assert_eq!(alone.subject.as_deref(), Some("secret words"));
    assert!(!format!("{:?}{}", inside.subject, inside.origin).contains("secret"));
    assert!(inside.overrides.decrypted);
}

#[test]
fn what_is_still_encrypted_after_decrypting_was_not_read() {
    let seen = |text: &str| {
        let raw = text.as_bytes().to_vec();
        preview(raw, decrypted(), &Settings::default(), ("2026-01-02", &|| false)).unwrap()
    };
    let broken = TEXT.replace(
        "Block",
        "-----BEGIN PGP MESSAGE-----\n\nhQ==\n-----END PGP MESSAGE-----\nBlock",
    );
    assert_eq!(seen(TEXT).encryption, Encryption::Decrypted);
    assert_eq!(seen(&broken).encryption, Encryption::Unread);
}
