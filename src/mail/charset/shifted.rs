//! Charsets that shift between sets within seven bits: ISO-2022 of Japan, Korea and China (RFC 1468, 1554, 1557, 1922) and
//! HZ (RFC 1843).
//!
//! `encoding_rs` decodes the Japanese sets of 1983 alone and gives one U+FFFD for a whole text in the others, ASCII included.
//! Here the text is cut into runs of one set, and it decodes each as the eight-bit form of that set.

use encoding_rs::{EUC_JP, EUC_KR, Encoding, GBK};

/// A set of characters, by the eight-bit charset that has it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    Ascii,
    /// Half-width kana.
    Kana,
    Japanese,
    /// JIS X 0212.
    JapaneseMore,
    Korean,
    Chinese,
    /// One that has no eight-bit form here.
    Other,
}

impl Set {
    /// Adds a run of the set.
    fn write(self, run: &[u8], out: &mut String) {
        let high = |byte: &u8| byte | 0x80;
        match self {
            Self::Ascii => out.push_str(&super::utf8_or_latin(run.to_vec())),
            Self::Kana => prefixed(0x8e, run.chunks(1), out),
            Self::JapaneseMore => prefixed(0x8f, run.chunks(2), out),
            Self::Japanese => eight_bit(EUC_JP, &run.iter().map(high).collect::<Vec<_>>(), out),
            Self::Korean => eight_bit(EUC_KR, &run.iter().map(high).collect::<Vec<_>>(), out),
            Self::Chinese => eight_bit(GBK, &run.iter().map(high).collect::<Vec<_>>(), out),
            Self::Other => out.extend(std::iter::repeat_n('\u{fffd}', run.len().div_ceil(2))),
        }
    }
}

fn prefixed<'r>(prefix: u8, characters: impl Iterator<Item = &'r [u8]>, out: &mut String) {
    let coded: Vec<u8> = characters
        .flat_map(|character| std::iter::once(prefix).chain(character.iter().map(|byte| byte | 0x80)))
        .collect();
    eight_bit(EUC_JP, &coded, out);
}

fn eight_bit(encoding: &'static Encoding, coded: &[u8], out: &mut String) {
    out.push_str(&encoding.decode_without_bom_handling(coded).0);
}

/// What an escape sequence does: which register it fills, and with what.
enum Escape {
    G0(Set),
    G1(Set),
    Nothing,
}

/// The escape sequence after ESC, and its length.
fn escape(rest: &[u8]) -> Option<(Escape, usize)> {
    Some(match rest {
        [b'$', b'(', last, ..] => (Escape::G0(double(*last)), 3),
        [b'$', b')', last, ..] => (Escape::G1(double(*last)), 3),
        [b'$', b'*' | b'+' | b'-' | b'.', _, ..] => (Escape::Nothing, 3),
        [b'$', last @ (b'@' | b'A' | b'B'), ..] => (Escape::G0(double(*last)), 2),
        [b'(', b'I', ..] => (Escape::G0(Set::Kana), 2),
        [b'(', _, ..] => (Escape::G0(Set::Ascii), 2),
        [b')', b'I', ..] => (Escape::G1(Set::Kana), 2),
        [b')' | b'.' | b'&' | b'-', _, ..] => (Escape::Nothing, 2),
        [b'N' | b'O', ..] => (Escape::Nothing, 1),
        _ => return None,
    })
}

/// The set of two bytes a character that ends an escape sequence so.
fn double(last: u8) -> Set {
    match last {
        b'@' | b'B' | b'O' | b'Q' => Set::Japanese,
        b'D' => Set::JapaneseMore,
        b'C' => Set::Korean,
        b'A' => Set::Chinese,
        _ => Set::Other,
    }
}

/// Decodes ISO-2022-JP, -KR and -CN. A line end brings ASCII back, as each of them asks for.
pub(super) fn iso_2022(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    // Seven-bit Japanese text shifts to kana without having named them.
    let (mut g0, mut g1, mut shifted) = (Set::Ascii, Set::Kana, false);
    let mut rest = bytes;
    while !rest.is_empty() {
        let ends = |byte: &u8| matches!(byte, 0x0e | 0x0f | 0x1b | b'\n' | b'\r');
        let length = rest.iter().position(ends).unwrap_or(rest.len());
        let (run, tail) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        let set = if shifted { g1 } else { g0 };
        set.write(run, &mut out);
        let Some((control, tail)) = tail.split_first() else {
            break;
        };
        rest = tail;
        match (control, escape(tail)) {
            (0x0e, _) => shifted = true,
            (0x0f, _) => shifted = false,
            (0x1b, Some((what, length))) => {
                match what {
                    Escape::G0(set) => g0 = set,
                    Escape::G1(set) => g1 = set,
                    Escape::Nothing => {}
                }
                rest = tail.get(length..).unwrap_or_default();
            }
            (0x1b, None) => {}
            _ => {
                (g0, shifted) = (Set::Ascii, false);
                out.push(char::from(*control));
            }
        }
    }
    out
}

/// Decodes HZ: `~{` begins Chinese, `~}` and a line end end it, `~~` is a tilde, `~` before a line end joins two lines.
pub(super) fn hz(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    let mut set = Set::Ascii;
    let mut rest = bytes;
    while !rest.is_empty() {
        let ends = |byte: &u8| matches!(byte, b'~' | b'\n');
        let length = rest.iter().position(ends).unwrap_or(rest.len());
        let (run, tail) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        set.write(run, &mut out);
        rest = match tail {
            [b'~', b'{', rest @ ..] => {
                set = Set::Chinese;
                rest
            }
            [b'~', b'}', rest @ ..] => {
                set = Set::Ascii;
                rest
            }
            [b'~', b'\r', b'\n', rest @ ..] | [b'~', b'\n', rest @ ..] if set == Set::Ascii => rest,
            [b'~', b'~', rest @ ..] if set == Set::Ascii => {
                out.push('~');
                rest
            }
            [control, rest @ ..] => {
                if *control == b'\n' {
                    set = Set::Ascii;
                }
                out.push(char::from(*control));
                rest
            }
            [] => &[],
        };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_each_set_are_decoded_and_ascii_stays() {
        let facts: &[(&[u8], &str)] = &[
            (b"\x1b$)C\x0e0_@{<-\x0f http://x/\n", "견적서 http://x/\n"),
            (b"\x1b$BF|K\\\x1b(B http://x/", "日本 http://x/"),
            (b"\x1b$@F|K\\\x1b(J a", "日本 a"),
            (b"\x1b$(D0!\x1b(B", "丂"),
            (b"\x1b(I1\x1b(B", "ｱ"),
            (b"\x0e1\x0f", "ｱ"),
            (b"\x1b$A7\"F1\x1b(B", "发票"),
            (b"\x1b$)A\x0e7\"F1\x0f", "发票"),
            (b"\x1b$BF|\nhttp://x/", "日\nhttp://x/"),
            (b"caf\xe9 \x1b", "café "),
            (b"", ""),
        ];
        for (bytes, text) in facts {
            assert_eq!(iso_2022(bytes), *text, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn hz_is_decoded_and_ascii_stays() {
        for (coded, text) in [
            ("~{7\"F1~} http://x/", "发票 http://x/"),
            ("a~~b~\nc ~", "a~bc ~"),
            ("~{7\"\nhttp://x/~u", "发\nhttp://x/~u"),
        ] {
            assert_eq!(hz(coded.as_bytes()), text, "{coded}");
        }
    }
}
