//! Content transfer encodings, undone and put on, tolerant of whatever is broken about them.

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

const JUNK: u8 = 0xff;
const BLANK: u8 = 0xfe;
const PAD: u8 = 0xfd;

#[allow(clippy::indexing_slicing)] // evaluated when compiled: a wrong index would not build
const fn base64_table() -> [u8; 256] {
    let mut table = [JUNK; 256];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut i = 0;
    while i < 64 {
        #[allow(clippy::cast_possible_truncation)] // i < 64
        {
            table[alphabet[i] as usize] = i as u8;
        }
        i += 1;
    }
    table[b'-' as usize] = 62;
    table[b'_' as usize] = 63;
    table[b' ' as usize] = BLANK;
    table[b'\t' as usize] = BLANK;
    table[b'\r' as usize] = BLANK;
    table[b'\n' as usize] = BLANK;
    table[b'=' as usize] = PAD;
    table
}

static BASE64: [u8; 256] = base64_table();

/// Skips what is no base64, starts anew after padding (several encoded pieces one after another are common).
fn base64(body: &[u8]) -> Decoded {
    let mut bytes = Vec::with_capacity(body.len() / 4 * 3 + 3);
    let (mut group, mut count, mut broken) = (0u32, 0u8, false);
    let flush = |bytes: &mut Vec<u8>, group: u32, count: u8| {
        let [_, a, b, c] = (group << (6 * (4 - u32::from(count)))).to_be_bytes();
        bytes.extend_from_slice(
            [a, b, c]
                .get(..usize::from(count).saturating_sub(1))
                .unwrap_or_default(),
        );
    };
    for byte in body {
        match BASE64.get(usize::from(*byte)).copied().unwrap_or(JUNK) {
            BLANK => {}
            JUNK => broken = true,
            PAD => {
                if count > 0 {
                    broken |= count == 1;
                    flush(&mut bytes, group, count);
                    (group, count) = (0, 0);
                }
            }
            value => {
                group = group << 6 | u32::from(value);
                count += 1;
                if count == 4 {
                    flush(&mut bytes, group, 4);
                    (group, count) = (0, 0);
                }
            }
        }
    }
    if count > 0 {
        broken = true;
        flush(&mut bytes, group, count);
    }
    bytes.shrink_to_fit();
    Decoded { bytes, broken }
}

fn hex(byte: Option<&u8>) -> Option<u8> {
    char::from(*byte?)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

/// `=XX`, soft line breaks (with blanks after the `=` too); a `=` that is neither stays as it is.
pub(super) fn quoted_printable(body: &[u8]) -> Decoded {
    let mut bytes = Vec::with_capacity(body.len());
    let mut broken = false;
    let mut rest = body;
    while let Some(at) = memchr::memchr(b'=', rest) {
        let (plain, after) = rest.split_at_checked(at).unwrap_or((rest, &[]));
        bytes.extend_from_slice(plain);
        let after = after.get(1..).unwrap_or_default();
        if let (Some(high), Some(low)) = (hex(after.first()), hex(after.get(1))) {
            bytes.push(high << 4 | low);
            rest = after.get(2..).unwrap_or_default();
            continue;
        }
        let blanks = after.iter().take(80).take_while(|b| matches!(b, b' ' | b'\t')).count();
        let tail = after.get(blanks..).unwrap_or_default();
        rest = match tail {
            [b'\r', b'\n', tail @ ..] | [b'\n' | b'\r', tail @ ..] => tail,
            [] => tail,
            _ => {
                broken = true;
                bytes.push(b'=');
                after
            }
        };
    }
    bytes.extend_from_slice(rest);
    Decoded { bytes, broken }
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
