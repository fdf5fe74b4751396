//! Parses the JSON of a frame. JavaScript may write half a surrogate pair into a string, which is not valid Unicode.

use serde_json::Value;

/// Replaces half a surrogate pair by U+FFFD, so that a broken subject does not end the connection.
pub fn parse(frame: &[u8]) -> Result<Value, serde_json::Error> {
    serde_json::from_slice(frame).or_else(|error| match mend_surrogates(frame) {
        Some(mended) => serde_json::from_slice(&mended),
        None => Err(error),
    })
}

/// Replaces escapes of half a pair by `\ufffd`; `None` if there are none.
fn mend_surrogates(frame: &[u8]) -> Option<Vec<u8>> {
    let mut mended = Vec::with_capacity(frame.len());
    let mut is_mended = false;
    let mut rest = frame;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        let (before, escape) = rest.split_at_checked(at)?;
        mended.extend_from_slice(before);
        let length = match (surrogate(escape), escape.get(6..).and_then(surrogate)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(_), _) => {
                is_mended = true;
                mended.extend_from_slice(b"\\ufffd");
                rest = escape.get(6..)?;
                continue;
            }
            (None, _) => 2.min(escape.len()),
        };
        mended.extend_from_slice(escape.get(..length)?);
        rest = escape.get(length..)?;
    }
    mended.extend_from_slice(rest);
    is_mended.then_some(mended)
}

/// The surrogate that an escape at the start of `text` encodes.
fn surrogate(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    let code = u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    (0xd800..=0xdfff).contains(&code).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_surrogate_pair_becomes_a_replacement_character() {
        let cases = [
            (r#""a\ud800b""#, "a\u{fffd}b"),
            (r#""\udc00""#, "\u{fffd}"),
            (r#""\ud83d\ude00 \ud83d""#, "\u{1f600} \u{fffd}"),
            (r#""\\ud800 \ud800""#, "\\ud800 \u{fffd}"),
            (r#""\ud800\ud800\udc00""#, "\u{fffd}\u{10000}"),
        ];
        for (json, expected) in cases {
            assert_eq!(parse(json.as_bytes()).unwrap(), Value::from(expected), "{json}");
        }
    }

    #[test]
    fn what_is_no_json_stays_an_error() {
        for json in ["{", "{\"a\":\\ud800}", "\"\\ud8", "\\"] {
            assert!(parse(json.as_bytes()).is_err(), "{json}");
        }
    }
}
