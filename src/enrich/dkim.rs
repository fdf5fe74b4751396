//! Checks DKIM signatures with the keys that the DNS has.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{self as ring_signature, UnparsedPublicKey};
use sha2::{Digest, Sha256};
use x509_cert::der::Decode;
use x509_cert::spki::SubjectPublicKeyInfoRef;

use super::dns::{self, Texts};
use crate::config::Dns;
use crate::domain::{Note, Seal, Sealed};
use crate::mail::dkim::{Algorithm, Check, Signature, Tags, Text};

/// Most keys that are asked for of one submission.
const KEYS: usize = 32;

/// What becomes of the signatures of each mail, at `now` in seconds since 1970, and notes on what failed.
pub fn verify(mails: &[&[Signature]], settings: &Dns, now: u64) -> (Vec<Vec<Sealed>>, Vec<Note>) {
    let checks = mails.iter().flat_map(|signatures| signatures.iter());
    let names: BTreeSet<String> = checks.filter_map(name).take(KEYS).collect();
    let (keys, notes) = if names.is_empty() {
        (BTreeMap::new(), Vec::new())
    } else {
        dns::texts(names, settings)
    };
    let sealed = |signature: &Signature| Sealed {
        domain: signature.domain.clone(),
        seal: seal(signature, &keys, now),
    };
    let of_mail = |signatures: &&[Signature]| signatures.iter().map(sealed).collect();
    (mails.iter().map(of_mail).collect(), notes)
}

/// Where the key of a signature is.
fn name(signature: &Signature) -> Option<String> {
    let check = signature.check.as_ref()?;
    Some(format!("{}._domainkey.{}", check.selector, signature.domain))
}

fn seal(signature: &Signature, keys: &BTreeMap<String, Texts>, now: u64) -> Seal {
    let (Some(check), Some(name)) = (&signature.check, name(signature)) else {
        return Seal::Unreadable;
    };
    if check.text == Text::Changed {
        return Seal::TextChanged;
    }
    if check.expires.is_some_and(|end| end < now) {
        return Seal::Expired;
    }
    let texts = match keys.get(&name) {
        Some(Texts::Of(texts)) => texts,
        Some(Texts::Unknown) | None => return Seal::NoAnswer,
    };
    let keys: Vec<Vec<u8>> = texts.iter().filter_map(|text| key(text, check.algorithm)).collect();
    if keys.is_empty() {
        Seal::NoKey
    } else if !keys.iter().any(|key| fits(check, key)) {
        Seal::HeaderChanged
    } else if check.text == Text::Longer {
        Seal::Partial
    } else {
        Seal::Pass
    }
}

/// The key in a record that is for such signatures: `v=DKIM1; k=rsa; p=MIIB…`.
fn key(record: &str, algorithm: Algorithm) -> Option<Vec<u8>> {
    let tags = Tags::read(record.as_bytes());
    let has = |name: &str, wanted: &str, or_any: bool| {
        let value = tags.get(name);
        value.map_or(or_any, |value| {
            value
                .split(':')
                .any(|word| word == wanted || (word == "*" && name == "s"))
        })
    };
    let kind = match algorithm {
        Algorithm::Rsa => has("k", "rsa", true),
        Algorithm::Ed25519 => has("k", "ed25519", false),
    };
    let is_for_mail = kind && has("v", "DKIM1", true) && has("h", "sha256", true) && has("s", "email", true);
    let key = STANDARD.decode(tags.get("p").filter(|_| is_for_mail)?).ok()?;
    (!key.is_empty()).then_some(key)
}

fn fits(check: &Check, key: &[u8]) -> bool {
    match check.algorithm {
        // Keys of 1024 bits are still in use, and nobody may refuse them (RFC 8301).
        Algorithm::Rsa => {
            let info = SubjectPublicKeyInfoRef::from_der(key).ok();
            let key = info
                .as_ref()
                .and_then(|info| info.subject_public_key.as_bytes())
                .unwrap_or(key);
            let algorithm = &ring_signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY;
            let key = UnparsedPublicKey::new(algorithm, key);
            key.verify(&check.header, &check.signature).is_ok()
        }
        Algorithm::Ed25519 => {
            let key = UnparsedPublicKey::new(&ring_signature::ED25519, key);
            key.verify(&Sha256::digest(&check.header), &check.signature).is_ok()
        }
    }
}

#[cfg(test)]
#[path = "dkim_tests.rs"]
mod tests;
