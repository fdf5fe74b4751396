//! Properties of the whole way from a message to its events that hold for any bytes.

use std::path::Path;
use std::sync::LazyLock;

use mispigeon::config::{Config, Settings};
use mispigeon::domain::Mode;
use mispigeon::enrich::Knowledge;
use mispigeon::misp::event::Envelope;
use mispigeon::pipeline::{self, Request};
use proptest::prelude::*;
use proptest::sample::{Index, select};

const MODES: [Mode; 4] = [Mode::Auto, Mode::Report, Mode::Sample, Mode::Carrier];

/// Of larger mails the tests mutate only the first bytes: a fault shows there too.
const LARGEST: usize = 12_000;

/// Settings that switch on everything that asks no server.
static SETTINGS: LazyLock<Settings> = LazyLock::new(|| {
    let toml = "[event]\nattach_original = true\n[sightings]\nenabled = true\n[attachments]\ninline_images = true\n\
                skip_empty = false\n[directives]\nkey = \"sesame\"\n[misp]\nfreetext = true\n[hosts]\nparticipants = \"add\"\n";
    Config::parse(Path::new("config.toml"), toml)
        .and_then(|config| config.profile(None))
        .expect("settings")
});

static CORPUS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let read = |mail| {
        let mut raw = std::fs::read(mail).expect("a mail");
        raw.truncate(LARGEST);
        raw
    };
    crate::events::mails().into_iter().map(read).collect()
});

/// The events of a message, with the account of what was left out; or the reason why it is no mail.
fn events(raw: &[u8], mode: Mode) -> Result<Vec<String>, String> {
    let request = Request {
        mode,
        ..Request::default()
    };
    let submissions = pipeline::prepare(raw.to_vec(), request, &SETTINGS).map_err(|error| error.to_string())?;
    let event = |submission| {
        let draft = pipeline::draft(submission, &SETTINGS, "2026-06-01", &mut |_| Knowledge::default())
            .map_err(|error| error.to_string())?;
        let account = format!("{:?} {:?} {:?}", draft.skipped, draft.notes, draft.free_text);
        let event = serde_json::to_string(&Envelope { event: draft.event }).map_err(|error| error.to_string())?;
        Ok(event + &account)
    };
    submissions.into_iter().map(event).collect()
}

/// A change that happens to a message on its way, or that a sender makes on purpose.
#[derive(Clone, Debug)]
enum Mutation {
    Flip(Index, u8),
    Cut(Index, Index),
    Repeat(Index, Index),
    Insert(Index, Vec<u8>),
    /// Puts a part of another mail of the corpus at this place.
    Graft(Index, Index, Index),
    /// Changes line ends to CRLF, or back to LF.
    Ends(bool),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let pieces: Vec<&[u8]> = vec![
        b"\0",
        b"\r",
        b"\n\n",
        b"--",
        b"\n--b\n",
        b"=?utf-8?B?",
        b"?=",
        b"=\n",
        b"\xff\xfe",
        b"\xf0\x9f\x98\x80",
        b"Content-Type: message/rfc822\n\n",
        b"Content-Type: multipart/mixed; boundary=\"\"\n",
        b"Content-Transfer-Encoding: base64\n",
        b"charset=utf-16",
        b"MZ",
        b"\x7fELF",
        b"<a href=\"hxxps://evil[.]com",
        b"<!--",
        b"&#x0;",
        b"-----BEGIN PGP SIGNATURE-----\n",
        b"\nm2m:m2mkey:sesame\nm2m:publish:1\n",
        b"\n> From: a@evil.com\n> Subject: x\n>\n",
        b"\nTLP:RED\n",
    ];
    let insert = prop_oneof![
        select(pieces).prop_map(<[u8]>::to_vec),
        prop::collection::vec(any::<u8>(), 1..12),
    ];
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Mutation::Flip(at, byte)),
        (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Mutation::Cut(a, b)),
        (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Mutation::Repeat(a, b)),
        (any::<Index>(), insert).prop_map(|(at, piece)| Mutation::Insert(at, piece)),
        (any::<Index>(), any::<Index>(), any::<Index>()).prop_map(|(at, mail, from)| Mutation::Graft(at, mail, from)),
        any::<bool>().prop_map(Mutation::Ends),
    ]
}

impl Mutation {
    fn apply(self, raw: &mut Vec<u8>) {
        let size = raw.len();
        let place = |index: &Index| index.index(size + 1);
        // A limit, so that many mutations leave something of the mail.
        let range = |a: &Index, b: &Index| place(a)..(place(a) + b.index(400)).min(size);
        match self {
            Self::Flip(at, byte) => {
                if let Some(there) = raw.get_mut(place(&at)) {
                    *there = byte;
                }
            }
            Self::Cut(a, b) => drop(raw.drain(range(&a, &b))),
            Self::Repeat(a, b) => {
                let piece = raw[range(&a, &b)].repeat(3);
                raw.splice(place(&a)..place(&a), piece);
            }
            Self::Insert(at, piece) => drop(raw.splice(place(&at)..place(&at), piece)),
            Self::Graft(at, mail, from) => {
                let other = mail.get(&CORPUS);
                let rest = other[from.index(other.len() + 1)..].iter().copied().take(2_000);
                raw.splice(place(&at)..place(&at), rest);
            }
            Self::Ends(crlf) => {
                let text: Vec<u8> = raw.iter().copied().filter(|byte| *byte != b'\r').collect();
                *raw = if crlf {
                    text.iter()
                        .flat_map(|byte| if *byte == b'\n' { b"\r\n".to_vec() } else { vec![*byte] })
                        .collect()
                } else {
                    text
                };
            }
        }
    }
}

/// Checks in every mode that two runs make the same events.
fn check(raw: &[u8]) -> Result<(), TestCaseError> {
    for mode in MODES {
        prop_assert_eq!(events(raw, mode), events(raw, mode), "{:?}", mode);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_mutated_mail_gives_the_same_events_each_time_in_every_mode(
        mail: Index,
        mutations in prop::collection::vec(mutation(), 1..8),
    ) {
        let mut raw = mail.get(&CORPUS).clone();
        for mutation in mutations {
            mutation.apply(&mut raw);
        }
        check(&raw)?;
    }

    #[test]
    fn any_bytes_give_events_or_a_reason_in_every_mode(raw in prop::collection::vec(any::<u8>(), 0..600)) {
        check(&raw)?;
        check(&[b"Subject: x\nMIME-Version: 1.0\n\n".as_slice(), &raw].concat())?;
    }
}
