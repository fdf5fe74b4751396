//! RFC 2047 encoded words, as they are written rather than as they should be: adjacent words are joined at the level of
//! bytes (a character may be split between them), blanks inside and missing padding are forgiven. Linear.

use super::{charset, transfer};

/// Decodes every encoded word of `value`; the rest stays as it is.
pub(super) fn decode(value: &str) -> String {
    if !value.contains("=?") {
        return value.to_owned();
    }
    let mut out = String::with_capacity(value.len());
    let mut pending: Option<(String, Vec<u8>)> = None;
    let mut ends = Ends { value, next: Some(0) };
    let mut rest = 0;
    while let Some(found) = value.get(rest..).and_then(|tail| tail.find("=?")) {
        let start = rest + found;
        let Some((word, end)) = Word::at(value, start, &mut ends) else {
            flush(&mut out, &mut pending);
            out.push_str(value.get(rest..start + 2).unwrap_or_default());
            rest = start + 2;
            continue;
        };
        let between = value.get(rest..start).unwrap_or_default();
        match &mut pending {
            Some((charset, bytes)) if between.trim().is_empty() && *charset == word.charset => {
                bytes.extend_from_slice(&word.bytes);
            }
            _ => {
                let adjacent = pending.is_some() && between.trim().is_empty();
                flush(&mut out, &mut pending);
                if !adjacent {
                    out.push_str(between);
                }
                pending = Some((word.charset, word.bytes));
            }
        }
        rest = end;
    }
    flush(&mut out, &mut pending);
    out.push_str(value.get(rest..).unwrap_or_default());
    out
}

fn flush(out: &mut String, pending: &mut Option<(String, Vec<u8>)>) {
    if let Some((label, bytes)) = pending.take() {
        let text = charset::decode(bytes, Some(&label));
        out.extend(text.chars().map(|c| if c.is_control() { ' ' } else { c }));
    }
}

struct Word {
    charset: String,
    bytes: Vec<u8>,
}

impl Word {
    /// The word that begins at `start` (where `=?` stands) and the position after it.
    fn at(value: &str, start: usize, ends: &mut Ends<'_>) -> Option<(Self, usize)> {
        let head = value.get(start + 2..)?;
        let label_len = head.bytes().take(64).position(|b| b == b'?')?;
        let label = head.get(..label_len)?;
        if label.is_empty() || label.contains(|c: char| c.is_whitespace() || c == '=') {
            return None;
        }
        let encoding = *head.as_bytes().get(label_len + 1)?;
        if head.as_bytes().get(label_len + 2) != Some(&b'?') {
            return None;
        }
        let text_at = start + 2 + label_len + 3;
        let end = ends.from(text_at)?;
        let text = value.get(text_at..end)?;
        if text.len() > 4096 || text.contains("=?") {
            return None;
        }
        let bytes = match encoding {
            b'b' | b'B' => transfer::Transfer::Base64.decode(text.as_bytes()).bytes,
            b'q' | b'Q' => transfer::quoted_printable(text.replace('_', " ").as_bytes()).bytes,
            _ => return None,
        };
        let charset = label.split('*').next().unwrap_or_default().to_ascii_lowercase();
        Some((Self { charset, bytes }, end + 2))
    }
}

/// Positions of `?=`, looked for only once each.
struct Ends<'v> {
    value: &'v str,
    next: Option<usize>,
}

impl Ends<'_> {
    fn from(&mut self, at: usize) -> Option<usize> {
        let known = self.next?;
        if known < at || known == 0 {
            self.next = self
                .value
                .get(at..)
                .and_then(|tail| tail.find("?="))
                .map(|found| at + found);
        }
        self.next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_decoded_as_readers_see_them() {
        let facts = [
            ("plain", "plain"),
            ("=?utf-8?Q?caf=C3=A9_au?= lait", "café au lait"),
            ("=?UTF-8?B?Y2Fmw6k=?=", "café"),
            ("=?utf-8?B?Y2Fmww==?= =?UTF-8?B?qQ==?=", "café"),
            ("=?utf-8?Q?a=C3?= =?utf-8?Q?=A9b?=", "aéb"),
            ("=?iso-8859-1?Q?=E9?= =?utf-8?Q?=C3=A9?=", "éé"),
            ("=?utf-8?Q?a b c?=", "a b c"),
            ("=?utf-8*en?Q?a?= b", "a b"),
            ("x =?utf-8?Q?open", "x =?utf-8?Q?open"),
            ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
            ("a =?utf-8?q?b?=c", "a bc"),
            ("=?utf-8?Q?=41?=", "A"),
            ("=?nonsense?Q?caf=E9?=", "café"),
        ];
        for (written, read) in facts {
            assert_eq!(decode(written), read, "{written}");
        }
    }
}
