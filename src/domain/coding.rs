//! Hexadecimal digits, percent codes, and base64 as browsers read it.

use std::borrow::Cow;
use std::fmt::{self, Write};

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use memchr::memchr;

/// Bytes in lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    let _ = write_hex(&mut text, bytes); // writing to a String cannot fail
    text
}

pub(super) fn write_hex(out: &mut impl Write, bytes: &[u8]) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
}

/// The byte that two hexadecimal digits at the start of `text` encode, and the rest.
pub fn hex_pair(text: &[u8]) -> Option<(u8, &[u8])> {
    let (&[high, low], rest) = text.split_first_chunk()?;
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let value = digit(high)? * 16 + digit(low)?;
    Some((u8::try_from(value).ok()?, rest))
}

/// The bytes that `text` encodes; `None` if it is not made of pairs of hexadecimal digits.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|pair| Some(hex_pair(pair)?.0)).collect()
}

/// Padding may lack, and so may the end of the last letter.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Decodes base64 as browsers do, which pass over blanks in it.
pub fn base64(mut coded: Vec<u8>) -> Option<Vec<u8>> {
    coded.retain(|byte| !byte.is_ascii_whitespace());
    LENIENT.decode(coded).ok()
}

/// What a `data:` address holds behind its comma. `head` is what stands before, in lower case.
pub fn data_uri(head: &str, coded: &str) -> Option<Vec<u8>> {
    let bytes = percent(coded.as_bytes());
    let is_base64 = head.split(';').skip(1).any(|word| word.trim() == "base64");
    if is_base64 { base64(bytes) } else { Some(bytes) }
}

/// Decodes percent codes. A `%` without two digits after it stays.
pub fn percent(coded: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(coded.len());
    let mut rest = coded;
    while let Some((plain, code)) = memchr(b'%', rest).and_then(|place| rest.split_at_checked(place)) {
        bytes.extend_from_slice(plain);
        let after = code.get(1..).unwrap_or_default();
        let (byte, after) = hex_pair(after).unwrap_or((b'%', after));
        bytes.push(byte);
        rest = after;
    }
    bytes.extend_from_slice(rest);
    bytes
}

/// Decodes percent codes. Returns the text unchanged if it has none, or if the result is not UTF-8.
pub fn percent_text(coded: &str) -> Cow<'_, str> {
    let bytes = memchr(b'%', coded.as_bytes()).map(|_| percent(coded.as_bytes()));
    let decoded = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.map_or(Cow::Borrowed(coded), Cow::Owned)
}

/// Bytes as text, in the same memory if they are UTF-8; what is not becomes replacement characters.
pub fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_undone_and_what_is_none_stays() {
        for (coded, text) in [
            ("a%2Fb%2fc", "a/b/c"),
            ("100%", "100%"),
            ("%zz%2", "%zz%2"),
            ("%+5", "%+5"),
            ("%C3%A4", "ä"),
            ("%C3", "%C3"),
        ] {
            assert_eq!(percent_text(coded), text, "{coded}");
        }
        assert_eq!(percent(b"%ff"), [0xff]);
        assert_eq!(unhex("68747470").as_deref(), Some(&b"http"[..]));
        assert_eq!((unhex("687"), unhex("zz")), (None, None));
        assert_eq!(hex(&[0, 255]), "00ff");
    }
}
