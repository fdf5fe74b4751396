//! Bytes in some charset to text. Never fails: what is declared wrongly or not at all is guessed, what cannot be
//! decoded becomes U+FFFD. Which charset a part declares is read elsewhere.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Decodes `bytes` by the declared `label`; a byte order mark wins over it. NUL characters are dropped, since readers
/// do not show them and they only serve to split a URL.
pub(super) fn decode(bytes: Vec<u8>, label: Option<&str>) -> String {
    let mut text = decode_raw(bytes, label);
    if text.contains('\0') {
        text.retain(|c| c != '\0');
    }
    text
}

fn decode_raw(bytes: Vec<u8>, label: Option<&str>) -> String {
    if let Some((encoding, _)) = Encoding::for_bom(&bytes) {
        return encoding.decode_with_bom_removal(&bytes).0.into_owned();
    }
    let label = label.unwrap_or_default().trim().to_ascii_lowercase();
    match label.as_str() {
        "utf-16" | "utf16" | "utf-16le" | "utf-16be" | "ucs-2" | "unicode" => {
            utf16(&label, &bytes).decode_without_bom_handling(&bytes).0.into_owned()
        }
        "utf-8" | "utf8" => {
            String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
        }
        "" | "us-ascii" | "ascii" | "ansi_x3.4-1968" => utf8_or_latin(bytes),
        _ => match Encoding::for_label_no_replacement(label.as_bytes()) {
            Some(encoding) if encoding == UTF_8 => utf8_or_latin(bytes),
            Some(encoding) => encoding.decode_without_bom_handling(&bytes).0.into_owned(),
            None => match mail_parser::decoders::charsets::map::charset_decoder(label.as_bytes()) {
                Some(decoder) => decoder(&bytes),
                None => utf8_or_latin(bytes),
            },
        },
    }
}

/// True when the label names an encoding whose text cannot be searched as bytes.
pub(super) fn is_wide(label: Option<&str>, bytes: &[u8]) -> bool {
    let label = label.unwrap_or_default().to_ascii_lowercase();
    label.starts_with("utf-16")
        || matches!(label.as_str(), "utf16" | "ucs-2" | "unicode")
        || bytes.starts_with(b"\xff\xfe")
        || bytes.starts_with(b"\xfe\xff")
}

/// The byte order of UTF-16 without a mark: big endian by RFC 2781, but where the zeros are tells better.
pub(super) fn utf16(label: &str, bytes: &[u8]) -> &'static Encoding {
    if bytes.starts_with(b"\xff\xfe") {
        return UTF_16LE;
    }
    if bytes.starts_with(b"\xfe\xff") {
        return UTF_16BE;
    }
    if label.ends_with("le") {
        return UTF_16LE;
    }
    if label.ends_with("be") {
        return UTF_16BE;
    }
    let zeros = |from: usize| {
        bytes
            .iter()
            .skip(from)
            .step_by(2)
            .take(512)
            .filter(|byte| **byte == 0)
            .count()
    };
    if zeros(1) > zeros(0) { UTF_16LE } else { UTF_16BE }
}

/// Text that declares no charset, a wrong or an unknown one: UTF-8 if it is that, else Windows-1252.
pub(super) fn utf8_or_latin(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|e| WINDOWS_1252.decode_without_bom_handling(e.as_bytes()).0.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_charset_gives_text() {
        let facts: &[(&[u8], Option<&str>, &str)] = &[
            (b"caf\xc3\xa9", Some("utf-8"), "café"),
            (b"caf\xe9", Some("us-ascii"), "café"),
            (b"caf\xe9", None, "café"),
            (b"caf\xc3\xa9", Some("x-no-such"), "café"),
            (b"caf\xe9", Some("x-no-such"), "café"),
            (b"caf\xe9", Some("ISO-8859-1"), "café"),
            (b"h\0i\0", Some("utf-16le"), "hi"),
            (b"h\0i\0", Some("utf-16"), "hi"),
            (b"\0h\0i", Some("UTF-16"), "hi"),
            (b"\xff\xfeh\0i\0", Some("utf-8"), "hi"),
            (b"e\0vil.com", Some("utf-8"), "evil.com"),
            (b"+AGg-i", Some("utf-7"), "hi"),
            (b"\xcf\xf0", Some("windows-1251"), "Пр"),
        ];
        for (bytes, label, text) in facts {
            assert_eq!(decode(bytes.to_vec(), *label), *text, "{label:?} {bytes:?}");
        }
    }
}
