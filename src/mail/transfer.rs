//! Content transfer encodings, undone and put on, tolerant of whatever is broken about them.
//!
//! `mail-parser` decodes base64 and quoted-printable. It gives nothing at all for input that is damaged, and makes all line
//! ends of quoted-printable alike; so what is damaged is mended before. Uuencode, which it does not know, is decoded here.

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;

/// What undoing an encoding gave.
pub(super) struct Decoded {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Something that the encoding does not allow was skipped or kept as it stood.
    pub broken: bool,
}

/// How a part is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transfer {
    /// 7bit, 8bit, binary, and what nobody knows.
    Identity,
    Base64,
    QuotedPrintable,
    Uuencode,
}

impl Transfer {
    /// By the value of Content-Transfer-Encoding.
    pub fn of(value: Option<&str>) -> Self {
        let value = value.unwrap_or_default().trim().trim_matches('"').to_ascii_lowercase();
        match value.split([' ', ';', '(']).next().unwrap_or_default() {
            "base64" | "b" | "b64" => Self::Base64,
            "quoted-printable" | "q" | "quotedprintable" => Self::QuotedPrintable,
            "x-uuencode" | "uuencode" | "x-uue" | "uue" => Self::Uuencode,
            _ => Self::Identity,
        }
    }

    /// The exact bytes that were encoded.
    pub fn decode(self, body: &[u8]) -> Decoded {
        match self {
            Self::Identity => Decoded {
                bytes: body.to_vec(),
                broken: false,
            },
            Self::Base64 => base64(body),
            Self::QuotedPrintable => quoted_printable(body),
            Self::Uuencode => uuencode(body),
        }
    }

    /// The other way round, in lines of at most 76 characters; what came as uuencode has no way back and stays plain.
    pub fn encode(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Base64 => encode_base64(bytes),
            Self::QuotedPrintable => encode_quoted_printable(bytes),
            Self::Identity | Self::Uuencode => bytes.to_vec(),
        }
    }
}

/// Skips what is no base64, starts anew after padding (several encoded pieces one after another are common).
fn base64(body: &[u8]) -> Decoded {
    let blank = |b: &u8| matches!(b, b' ' | b'\t' | b'\r' | b'\n');
    let encoded = body.iter().filter(|b| !blank(b)).count();
    let whole = base64_decode(body);
    let broken = whole.is_none() || !encoded.is_multiple_of(4);
    let mut bytes = whole.unwrap_or_else(|| {
        let mended: Vec<u8> = body.iter().filter_map(|b| base64_character(*b)).collect();
        base64_decode(&mended).unwrap_or_default()
    });
    bytes.shrink_to_fit();
    Decoded { bytes, broken }
}

/// The character of the alphabet, or padding, that stands for it in RFC 4648's URL-safe alphabet too; `None` for junk.
fn base64_character(byte: u8) -> Option<u8> {
    match byte {
        b'-' => Some(b'+'),
        b'_' => Some(b'/'),
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' | b'=' => Some(byte),
        _ => None,
    }
}

/// `=XX`, soft line breaks (with blanks after the `=` too); a `=` that is neither stays as it is.
pub(super) fn quoted_printable(body: &[u8]) -> Decoded {
    let (mended, broken) = mend_quoted_printable(body);
    let bytes = quoted_printable_decode(&mended).unwrap_or_default();
    Decoded { bytes, broken }
}

/// Escapes what `mail-parser` would not give back exactly: a stray `=` (it gives up), a CR without LF (it drops it), and a LF
/// without CR where others have one (it adds it). True when there was a stray `=`.
fn mend_quoted_printable(body: &[u8]) -> (Cow<'_, [u8]>, bool) {
    let mut mended = Vec::new();
    let (mut copied, mut position, mut broken, mut soft, mut crlf) = (0, 0, false, false, false);
    while let Some(at) = memchr::memchr3(b'=', b'\r', b'\n', body.get(position..).unwrap_or_default()) {
        let at = position + at;
        let after = body.get(at + 1..).unwrap_or_default();
        position = at + 1;
        let escape: &[u8] = match (body.get(at), after) {
            (Some(b'='), [a, b, ..]) if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => {
                position += 2;
                continue;
            }
            (Some(b'='), _) => {
                let blanks = after.iter().take(80).take_while(|b| matches!(b, b' ' | b'\t')).count();
                position += blanks;
                soft = matches!(after.get(blanks), Some(b'\r' | b'\n') | None);
                if soft {
                    continue;
                }
                position = at + 1;
                broken = true;
                b"=3D"
            }
            (Some(b'\r'), [b'\n', ..]) => {
                (position, soft, crlf) = (position + 1, false, true);
                continue;
            }
            // A soft break by a CR alone.
            (Some(b'\r'), _) if soft => b"\n",
            (Some(b'\r'), _) => b"=0D",
            _ if crlf && !soft => b"=0A",
            _ => {
                soft = false;
                continue;
            }
        };
        soft = false;
        mended.extend_from_slice(body.get(copied..at).unwrap_or_default());
        mended.extend_from_slice(escape);
        copied = at + 1;
    }
    if copied == 0 {
        return (Cow::Borrowed(body), broken);
    }
    mended.extend_from_slice(body.get(copied..).unwrap_or_default());
    (Cow::Owned(mended), broken)
}

fn uuencode(body: &[u8]) -> Decoded {
    let mut bytes = Vec::with_capacity(body.len() / 4 * 3);
    let mut begun = false;
    for line in body.split(|b| *b == b'\n') {
        let line = line.trim_ascii_end();
        if line.starts_with(b"begin ") {
            begun = true;
        } else if line == b"end" {
            break;
        } else if let Some((length, data)) = line.split_first().filter(|_| begun) {
            let wanted = usize::from(length.wrapping_sub(32) & 63);
            let mut decoded = Vec::with_capacity(48);
            for chunk in data.chunks(4) {
                let group = (0..4).fold(0u32, |group, i| {
                    group << 6 | u32::from(chunk.get(i).map_or(0, |b| b.wrapping_sub(32) & 63))
                });
                let [_, a, b, c] = group.to_be_bytes();
                decoded.extend_from_slice(&[a, b, c]);
            }
            bytes.extend_from_slice(decoded.get(..wanted).unwrap_or(&decoded));
        }
    }
    if begun {
        Decoded { bytes, broken: false }
    } else {
        Decoded {
            bytes: body.to_vec(),
            broken: true,
        }
    }
}

fn encode_base64(bytes: &[u8]) -> Vec<u8> {
    use base64::Engine;
    let mut out = Vec::with_capacity(bytes.len() / 3 * 4 + bytes.len() / 20 + 8);
    for line in bytes.chunks(57) {
        out.extend_from_slice(base64::engine::general_purpose::STANDARD.encode(line).as_bytes());
        out.extend_from_slice(b"\r\n");
    }
    out
}

fn encode_quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 8);
    let mut column = 0;
    for (i, byte) in bytes.iter().enumerate() {
        let next = bytes.get(i + 1);
        let line_end = *byte == b'\n' || (*byte == b'\r' && next == Some(&b'\n'));
        let at_end = matches!(next, None | Some(b'\r' | b'\n'));
        let plain = matches!(byte, b'!'..=b'<' | b'>'..=b'~') || (matches!(byte, b' ' | b'\t') && !at_end);
        if line_end {
            out.push(*byte);
            column = 0;
            continue;
        }
        if column >= 72 {
            out.extend_from_slice(b"=\r\n");
            column = 0;
        }
        if plain {
            out.push(*byte);
            column += 1;
        } else {
            out.extend_from_slice(format!("={byte:02X}").as_bytes());
            column += 3;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_encodings_give_what_is_there() {
        let facts: &[(&str, &str, &str, bool)] = &[
            ("base64", "aGVsbG8=", "hello", false),
            ("base64", "aGVs\r\nbG8", "hello", true),
            ("base64", "aGVs!bG8=", "hello", true),
            ("base64", "aGk=\r\naGk=", "hihi", false),
            ("BASE64 ", "", "", false),
            ("quoted-printable", "a=20b=\r\nc", "a bc", false),
            ("quoted-printable", "a=3db =  \r\nc", "a=b c", false),
            ("quoted-printable", "a=zz=", "a=zz", true),
            ("quoted-printable", "a=\nb", "ab", false),
            ("quoted-printable", "a=\rb\rc", "ab\rc", false),
            ("quoted-printable", "a\nb\r\nc\nd=\ne\r\n", "a\nb\r\nc\nde\r\n", false),
            ("quoted-printable", "a==41=\u{ff}", "a=A=\u{ff}", true),
            ("7bit", "a=20b", "a=20b", false),
            ("x-uuencode", "begin 644 a\n%:&5L;&\\\n \nend\n", "hello", false),
        ];
        for (encoding, body, text, broken) in facts {
            let decoded = Transfer::of(Some(encoding)).decode(body.as_bytes());
            assert_eq!(decoded.bytes, text.as_bytes(), "{encoding} {body:?}");
            assert_eq!(decoded.broken, *broken, "{encoding} {body:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_encoded_decodes_to_itself(bytes: Vec<u8>) {
            for transfer in [Transfer::Base64, Transfer::QuotedPrintable] {
                proptest::prop_assert_eq!(&transfer.decode(&transfer.encode(&bytes)).bytes, &bytes);
            }
        }
    }
}
