//! Whether a URL or an address has a mailbox inside, as a phish has that of the person to whom it was sent.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::domain::coding::{percent_text, unhex};

/// Codes inside codes are read this deep.
const DEEPEST: u8 = 3;

/// Whether `text` has a mailbox that `is_theirs` knows, in lower case: plain, with percent codes, in base64 or hexadecimal.
/// `=` may stand for `@`, as in the addresses to which a provider returns mail.
pub(in crate::policy) fn names(text: &str, is_theirs: &dyn Fn(&str) -> bool) -> bool {
    within(text, is_theirs, DEEPEST)
}

fn within(text: &str, is_theirs: &dyn Fn(&str) -> bool, depth: u8) -> bool {
    if plainly(text, is_theirs) {
        return true;
    }
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    if let Cow::Owned(decoded) = percent_text(text)
        && decoded != text
        && within(&decoded, is_theirs, depth)
    {
        return true;
    }
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_')));
    let pieces =
        words.flat_map(|word| std::iter::once(word).chain(word.split('/').filter(move |piece| *piece != word)));
    let mut texts = pieces.filter(|piece| piece.len() >= 8).flat_map(decodings);
    texts.any(|text| within(&text, is_theirs, depth.min(1)))
}

fn plainly(text: &str, is_theirs: &dyn Fn(&str) -> bool) -> bool {
    text.match_indices(['@', '=']).any(|(at, mark)| {
        let (before, after) = (
            text.get(..at).unwrap_or_default(),
            text.get(at + 1..).unwrap_or_default(),
        );
        let start = before
            .rfind(|c: char| !(c.is_alphanumeric() || "._%+-".contains(c)))
            .map_or(0, |place| {
                place
                    + before
                        .get(place..)
                        .and_then(|rest| rest.chars().next())
                        .map_or(1, char::len_utf8)
            });
        let end = after
            .find(|c: char| !(c.is_alphanumeric() || ".-".contains(c)))
            .unwrap_or(after.len());
        let (local, domain) = (
            before.get(start..).unwrap_or_default(),
            after.get(..end).unwrap_or_default(),
        );
        if local.is_empty() || !domain.contains('.') || local.len() > LONGEST || domain.len() > LONGEST {
            return false;
        }
        let domain = domain.trim_end_matches(['.', '-']).to_lowercase();
        let local = local.to_lowercase();
        // `bounce+7-bob=corp.example@provider.example`: the mailbox stands behind a mark.
        let tails = local
            .match_indices(['-', '+'])
            .map(|(place, _)| local.get(place + 1..).unwrap_or_default());
        let mut whole = std::iter::once(local.as_str()).chain(tails.take(if mark == "=" { 4 } else { 0 }));
        whole.any(|local| is_theirs(&format!("{local}@{domain}")))
    })
}

/// Longest part of a mailbox.
const LONGEST: usize = 255;

/// What a word may be the code of.
fn decodings(word: &str) -> Vec<String> {
    const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    const PLAIN: GeneralPurpose = GeneralPurpose::new(&STANDARD, CONFIG);
    const URL: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, CONFIG);
    // Without their last two letters both alphabets are the same.
    let base64 = if word.contains(['-', '_']) { URL } else { PLAIN };
    let tries = [unhex(word), base64.decode(word).ok()];
    let leads_on = |bytes: &Vec<u8>| {
        let is_code = |place: usize| bytes.get(place + 1).is_some_and(u8::is_ascii_hexdigit);
        memchr::memchr2_iter(b'@', b'%', bytes).any(|place| bytes.get(place) == Some(&b'@') || is_code(place))
    };
    let texts = tries.into_iter().flatten().filter(leads_on);
    texts.filter_map(|bytes| String::from_utf8(bytes).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_is_found_in_whatever_code() {
        let theirs = |mailbox: &str| mailbox == "bob@victim-org.net";
        for (text, named) in [
            ("https://evil.top/t?e=bob@victim-org.net", true),
            ("https://evil.top/t?e=Bob%40Victim-Org.net&x=1", true),
            ("https://evil.top/t?e=bob%2540victim-org.net", true),
            ("https://evil.top/#Ym9iQHZpY3RpbS1vcmcubmV0", true),
            ("https://evil.top/x/Ym9iQHZpY3RpbS1vcmcubmV0/y", true),
            ("https://evil.top/?u=626f624076696374696d2d6f72672e6e6574", true),
            ("bounce+12.ab-bob=victim-org.net@provider.example", true),
            ("https://evil.top/t?e=rob@victim-org.net", false),
            ("https://evil.top/?a=b@c", false),
            ("https://evil.top/t?e=bob@victim-org.net.evil.top", false),
            ("", false),
        ] {
            assert_eq!(names(text, &theirs), named, "{text}");
        }
    }

    #[test]
    fn hostile_urls_take_no_time() {
        for piece in ["@", "=", "a@", "%40", "-=", "aaaaaaaa/", "a.b@c.d"] {
            assert!(!names(&piece.repeat(20_000), &|_| false));
        }
    }
}
