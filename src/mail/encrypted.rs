//! Whether a mail is encrypted, so that only the reader's mail program can read it.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::{Defect, Mail, canonical_sha256, parse};
use crate::config::MailSettings;
use crate::domain::Original;

/// Each encrypted mail has one of these, in its header or in its text. They spare other mails from being parsed. The last one is
/// the first line of a PGP message in base64.
const SIGNS: [&str; 4] = [
    "multipart/encrypted",
    "pkcs7-mime",
    "BEGIN PGP MESSAGE",
    "LS0tLS1CRUdJTiBQR1AgTUVTU0FHR",
];

impl Mail {
    /// A part of it, or all, is encrypted. Mails inside count for themselves.
    pub fn is_encrypted(&self) -> bool {
        let is_one = |defect: &Defect| {
            matches!(
                defect,
                Defect::Encrypted | Defect::EncryptedSmime | Defect::EncryptedPgp
            )
        };
        self.defects.iter().any(is_one)
    }
}

/// Whether a message is encrypted. Parses it only when it has a sign of that.
pub fn is_encrypted(raw: &[u8]) -> bool {
    static SEARCH: LazyLock<Option<AhoCorasick>> =
        LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(SIGNS).ok());
    let has_sign = SEARCH.as_ref().is_none_or(|search| search.is_match(raw));
    has_sign && parse(raw, &MailSettings::default()).is_ok_and(|mail| mail.is_encrypted())
}

/// What a message is called when somebody else makes another of it.
pub fn original(raw: &[u8]) -> Original {
    let mail = parse(raw, &MailSettings::default()).ok();
    let headers = mail.as_ref().map(|mail| &mail.headers);
    Original {
        identity: canonical_sha256(raw),
        subject: headers.and_then(|headers| headers.subject().map(str::to_owned)),
        message_id: headers.and_then(super::Headers::message_id),
    }
}

#[cfg(test)]
#[path = "tests/encrypted.rs"]
mod tests;
