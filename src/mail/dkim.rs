//! DKIM signatures of a mail (RFC 6376, RFC 8463) as far as they can be checked without asking anybody: what they sign is brought
//! into canonical form, and whether the text is still the same is known. What is missing is the key, which is in the DNS.

mod canonical;
mod tags;

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::canonical::without_prefix;
use crate::domain::host;
use canonical::{Form, Message};
pub use tags::Tags;

/// Most signatures that are looked at; real mails have up to four.
const MOST: usize = 8;
/// Most fields that a signature may name.
const FIELDS: usize = 1000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    Rsa,
    Ed25519,
}

/// Whether the text is what was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    Same,
    /// What was signed is there, and more behind it.
    Longer,
    Changed,
}

/// A signature, with what it signs.
#[derive(Clone, Debug)]
pub struct Signature {
    /// Who signed, in lower case.
    pub domain: String,
    /// `None` if nobody can check it: it is broken, or its algorithm counts as none.
    pub check: Option<Check>,
}

/// What is needed to check a signature, but for the key.
#[derive(Clone, Debug)]
pub struct Check {
    pub selector: String,
    pub algorithm: Algorithm,
    /// The header as it was signed.
    pub header: Vec<u8>,
    pub signature: Vec<u8>,
    pub text: Text,
    /// Seconds since 1970 after which it counts no more.
    pub expires: Option<u64>,
}

/// The first signatures of a message, in their order.
pub fn signatures(raw: &[u8]) -> Vec<Signature> {
    let raw = without_prefix(raw);
    let message = Message::split(raw);
    let mut bodies = HashMap::new();
    let fields = message.named("dkim-signature").take(MOST);
    fields
        .filter_map(|field| {
            let tags = Tags::read(message.value(field));
            let named = tags.get("d")?;
            let domain = host::canonical(&named).filter(|domain| domain.contains('.'))?;
            let check = check(&message, field, &tags, &domain, &mut bodies);
            Some(Signature {
                domain: domain.into_owned(),
                check,
            })
        })
        .collect()
}

/// By form and length, so that many signatures cost no more than one: the hash, and the length of all of it.
type Bodies = HashMap<(Form, Option<u64>), ([u8; 32], u64)>;

fn check(message: &Message<'_>, field: usize, tags: &Tags, domain: &str, bodies: &mut Bodies) -> Option<Check> {
    let algorithm = match tags.get("a")?.to_ascii_lowercase().as_str() {
        "rsa-sha256" => Algorithm::Rsa,
        "ed25519-sha256" => Algorithm::Ed25519,
        // Nobody may believe SHA-1 any more (RFC 8301).
        _ => return None,
    };
    let signer = tags.get("i").unwrap_or_default().to_ascii_lowercase();
    let signer = signer.rsplit('@').next().unwrap_or_default();
    let is_below = signer
        .strip_suffix(domain)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    let names = tags.get("h")?.to_ascii_lowercase();
    let names: Vec<&str> = names.split(':').take(FIELDS).collect();
    if tags.get("v")? != "1" || !(signer.is_empty() || is_below) || !names.contains(&"from") {
        return None;
    }
    let (of_header, of_body) = forms(tags.get("c").as_deref())?;
    let length = match tags.get("l") {
        Some(length) => Some(length.parse().ok()?),
        None => None,
    };
    let (hash, whole) = *bodies.entry((of_body, length)).or_insert_with(|| {
        let mut hasher = Sha256::new();
        let mut whole = 0_u64;
        message.body(of_body, &mut |piece| {
            let left = length.map_or(u64::MAX, |length| length.saturating_sub(whole));
            let of_it = usize::try_from(left).unwrap_or(usize::MAX).min(piece.len());
            hasher.update(piece.get(..of_it).unwrap_or_default());
            whole += piece.len() as u64;
        });
        (hasher.finalize().into(), whole)
    });
    let text = match length {
        _ if STANDARD.decode(tags.get("bh")?).ok()? != hash => Text::Changed,
        Some(length) if length > whole => Text::Changed,
        Some(length) if length < whole => Text::Longer,
        _ => Text::Same,
    };
    let expires = match tags.get("x") {
        Some(seconds) => Some(seconds.parse().ok()?),
        None => None,
    };
    let selector = host::canonical(&tags.get("s")?)?.into_owned();
    Some(Check {
        selector,
        algorithm,
        header: message.header(of_header, &names, field),
        signature: STANDARD.decode(tags.get("b")?).ok()?,
        text,
        expires,
    })
}

/// Of header and body: `relaxed/simple`.
fn forms(written: Option<&str>) -> Option<(Form, Form)> {
    let written = written.unwrap_or("simple").to_ascii_lowercase();
    let (header, body) = written.split_once('/').unwrap_or((&written, "simple"));
    Some((Form::named(header)?, Form::named(body)?))
}

#[cfg(test)]
#[path = "tests/dkim.rs"]
mod tests;
