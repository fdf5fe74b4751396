//! UTF-7 (RFC 2152).
//!
//! mail-parser 0.11 swallows the character after a coded run, so that a word and the URL behind it become one word.

/// Decodes; what is no UTF-7 stays as it is.
pub(super) fn decode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((byte, tail)) = rest.split_first() {
        if *byte != b'+' {
            out.push(char::from(*byte));
            rest = tail;
            continue;
        }
        let length = tail.iter().take_while(|byte| digit(**byte).is_some()).count();
        let (coded, after) = tail.split_at_checked(length).unwrap_or((tail, &[]));
        rest = after.strip_prefix(b"-").unwrap_or(after);
        if coded.is_empty() {
            // `+-` is a plus, and a plus before anything else is one too.
            out.push('+');
        } else {
            run(coded, &mut out);
        }
    }
    out
}

/// A run of base64 over UTF-16, big end first. Bits that make no whole unit are padding.
fn run(coded: &[u8], out: &mut String) {
    let mut units = Vec::with_capacity(coded.len() * 6 / 16);
    let (mut bits, mut count) = (0u32, 0);
    for value in coded.iter().filter_map(|byte| digit(*byte)) {
        bits = bits << 6 | value;
        count += 6;
        if count >= 16 {
            count -= 16;
            units.push(u16::try_from(bits >> count & 0xffff).unwrap_or_default());
            bits &= (1 << count) - 1;
        }
    }
    out.extend(char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')));
}

fn digit(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn a_run_ends_at_what_is_no_base64() {
        for (coded, text) in [
            ("+AGg-i", "hi"),
            ("+BB8EQAQ4BDIENQRC http://x/ y", "Привет http://x/ y"),
            ("a+-b+ c", "a+b+ c"),
            ("+2D3cqQ-!", "💩!"),
            ("+2D0", "\u{fffd}"),
            ("1 + 1", "1 + 1"),
            ("+", "+"),
        ] {
            assert_eq!(decode(coded.as_bytes()), text, "{coded}");
        }
    }
}
