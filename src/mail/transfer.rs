//! Content transfer encodings: decodes and encodes them, and takes what is broken.
//!
//! `mail-parser` decodes base64 and quoted-printable. It gives nothing at all for input that is damaged, and makes all line
//! ends of quoted-printable alike; so what is damaged is mended before. It does not know uuencode: [`super::in_text::uuencode`].

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;

use super::in_text::uuencode;

/// The result of decoding.
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
        match value.split([' ', ';', '(', ',']).next().unwrap_or_default() {
            "base64" | "base-64" | "base_64" | "x-base64" | "b" | "b64" => Self::Base64,
            "quoted-printable" | "q" | "quotedprintable" | "quoted_printable" | "qp" => Self::QuotedPrintable,
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
            Self::Uuencode => match uuencode::decode(body) {
                Some(bytes) => Decoded { bytes, broken: false },
                None => Decoded {
                    bytes: body.to_vec(),
                    broken: true,
                },
            },
        }
    }

    /// Encodes in lines of at most 76 characters. What came as uuencode is not encoded again.
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
    let body = without_text_behind(body);
    let encoded = body.iter().filter(|b| !blank(b)).count();
    // `mail-parser` takes the alphabet of URLs for base64 too; in a mail `-` and `_` are junk as all else.
    let whole = if memchr::memchr2(b'-', b'_', body).is_none() {
        base64_decode(body)
    } else {
        None
    };
    let broken = whole.is_none() || !encoded.is_multiple_of(4);
    let mut bytes = whole.unwrap_or_else(|| {
        let mended: Vec<u8> = body.iter().copied().filter(|b| is_base64(*b)).collect();
        base64_decode(&mended).unwrap_or_default()
    });
    bytes.shrink_to_fit();
    Decoded { bytes, broken }
}

/// A character of the alphabet, or padding.
fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// The body up to the padding behind which something else stands in plain text, as mailing lists and scanners put it there.
/// Decoded as well, it would be garbage behind the file.
fn without_text_behind(body: &[u8]) -> &[u8] {
    let ends = |at: &usize| !matches!(body.get(at + 1), Some(b'='));
    let mut paddings = memchr::memchr_iter(b'=', body).filter(ends).take(64);
    let cut = paddings.find(|at| {
        let behind = body.get(at + 1..).unwrap_or_default();
        let line = behind
            .trim_ascii_start()
            .split(|b| *b == b'\n')
            .next()
            .unwrap_or_default();
        line.trim_ascii_end().iter().any(|byte| !is_base64(*byte))
    });
    cut.and_then(|at| body.get(..=at)).unwrap_or(body)
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
            ("base64", "aG-Vs_bG8=", "hello", true),
            (
                "base64",
                "aGVsbG8=\r\n\r\n-- \r\nlist footer, http://x/",
                "hello",
                false,
            ),
            ("base64", "aGVsbG8=\r\n_____\r\nlist", "hello", false),
            ("BASE-64", "aGVsbG8=", "hello", false),
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
            ("x-uuencode", "hello", "hello", true),
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
