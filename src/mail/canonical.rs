//! The form of a message that is the same whichever way it came: without the lines that a mail store puts before it, with one kind
//! of line end, without blank lines at its end. All uuids are derived from its hash.

use sha2::{Digest, Sha256 as Hasher};

use crate::domain::Sha256;

/// Fields that Thunderbird puts before a stored message (measured with 153 for local, POP3 and IMAP folders).
const PREFIX: [&[u8]; 5] = [
    b"X-Mozilla-Status:",
    b"X-Mozilla-Status2:",
    b"X-Mozilla-Keys:",
    b"X-Account-Key:",
    b"X-UIDL:",
];

/// The message without an mbox line and without Thunderbird's own fields at its very start.
pub(super) fn without_prefix(raw: &[u8]) -> &[u8] {
    let mut rest = raw;
    if rest.starts_with(b"From ") && super::header::is_mbox_line(rest) {
        rest = after_line(rest);
    }
    while PREFIX.iter().any(|field| rest.starts_with(field)) {
        rest = after_line(rest);
    }
    rest
}

fn after_line(bytes: &[u8]) -> &[u8] {
    memchr::memchr(b'\n', bytes)
        .or_else(|| memchr::memchr(b'\r', bytes))
        .and_then(|at| bytes.get(at + 1..))
        .unwrap_or_default()
}

/// SHA-256 of the canonical message. Needs no copy of it.
///
/// ```
/// use mispigeon::mail::canonical_sha256;
/// let stored = b"X-Mozilla-Status: 0001\nX-Mozilla-Status2: 00000000\nFrom: a@b\n\nhi\n";
/// assert_eq!(canonical_sha256(stored), canonical_sha256(b"From: a@b\r\n\r\nhi"));
/// ```
pub fn canonical_sha256(raw: &[u8]) -> Sha256 {
    let mut rest = without_prefix(raw);
    while let Some(cut) = rest.strip_suffix(b"\n").or_else(|| rest.strip_suffix(b"\r")) {
        rest = cut;
    }
    let mut hasher = Hasher::new();
    while let Some(at) = memchr::memchr(b'\n', rest) {
        let (mut line, tail) = rest.split_at_checked(at).unwrap_or((rest, &[]));
        while let Some(cut) = line.strip_suffix(b"\r") {
            line = cut;
        }
        hasher.update(line);
        hasher.update(b"\r\n");
        rest = tail.get(1..).unwrap_or_default();
    }
    hasher.update(rest);
    Sha256(hasher.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::canonical_sha256;

    #[test]
    fn all_front_doors_agree_on_a_mail() {
        let mail: &[u8] = b"From: a@b\r\nSubject: x\r\n\r\nline\r\n\r\nFrom here\r\n";
        let same: &[&[u8]] = &[
            b"From: a@b\nSubject: x\n\nline\n\nFrom here\n",
            b"From: a@b\nSubject: x\n\nline\n\nFrom here",
            b"From: a@b\r\nSubject: x\r\n\r\nline\r\n\r\nFrom here\r\n\r\n\n",
            b"From a@b Mon May 14 16:31:18 2018\nFrom: a@b\nSubject: x\n\nline\n\nFrom here\n",
            b"X-Mozilla-Status: 0001\nX-Mozilla-Status2: 00000000\nX-Mozilla-Keys:      \nFrom: a@b\r\nSubject: x\r\n\r\nline\r\n\r\nFrom here\r\n",
            b"X-Account-Key: account1\nX-UIDL: 1\nX-Mozilla-Status: 0001\nFrom: a@b\nSubject: x\n\nline\n\nFrom here\n",
        ];
        for other in same {
            assert_eq!(
                canonical_sha256(other),
                canonical_sha256(mail),
                "{}",
                String::from_utf8_lossy(other)
            );
        }
        let others: &[&[u8]] = &[
            b"From: a@b\r\nSubject: y\r\n\r\nline\r\n\r\nFrom here\r\n",
            b"From: a@b\r\nX-UIDL: 1\r\nSubject: x\r\n\r\nline\r\n\r\nFrom here\r\n",
            b"From: a@b\r\nSubject: x\r\n\r\nline\r\nFrom here\r\n",
            b"X-Mozilla-Other: 1\r\nFrom: a@b\r\nSubject: x\r\n\r\nline\r\n\r\nFrom here\r\n",
        ];
        for other in others {
            assert_ne!(
                canonical_sha256(other),
                canonical_sha256(mail),
                "{}",
                String::from_utf8_lossy(other)
            );
        }
    }
}
