//! Text files whose first line says that we wrote them, with a checksum of the rest. The line distinguishes our files,
//! of any version, from those of others. The checksum shows whether a person has changed the file since.

use crate::domain::Sha256;

/// The first line between the comment sign and the checksum.
const WORDS: &str = "Written by `mispigeon install`, removed by `mispigeon uninstall` unless it was changed: ";

/// Number of hex digits of the SHA-256 in the line. They show changes, and do not protect against forgery.
const DIGITS: usize = 16;

/// A text with its first line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed(String);

/// What the first line of a file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signature {
    /// We did not write it.
    None,
    /// We wrote it, and nobody has changed it.
    Whole,
    /// We wrote it, and somebody has changed it.
    Broken,
}

impl Signed {
    /// Signs a text. `comment` is what begins a comment in its language.
    pub fn new(comment: &str, text: &str) -> Self {
        Self(format!("{comment} {WORDS}{}\n{text}", checksum(text.as_bytes())))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

pub fn signature(file: &[u8]) -> Signature {
    let mut parts = file.splitn(2, |byte| *byte == b'\n');
    let first = parts.next().and_then(|line| std::str::from_utf8(line).ok());
    let rest = parts.next().unwrap_or_default();
    match first.and_then(|line| line.split_once(WORDS)) {
        None => Signature::None,
        Some((_, sum)) if sum == checksum(rest) => Signature::Whole,
        Some(_) => Signature::Broken,
    }
}

fn checksum(bytes: &[u8]) -> String {
    Sha256::of(bytes).to_string().chars().take(DIGITS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_ours_is_known_until_somebody_changes_it() {
        let text = Signed::new("#", "one\ntwo\n");
        assert!(text.as_str().starts_with("# Written by"));
        assert!(text.as_str().ends_with("\none\ntwo\n"));
        assert_eq!(signature(text.as_str().as_bytes()), Signature::Whole);
        for changed in [
            text.as_str().replace("two", "three"),
            format!("{}\n", text.as_str()),
            text.as_str().replace('\n', "\r\n"),
            text.as_str().trim_end().to_owned(),
        ] {
            assert_eq!(signature(changed.as_bytes()), Signature::Broken, "{changed}");
        }
        for foreign in ["", "one\ntwo\n", "# Written by hand\n"] {
            assert_eq!(signature(foreign.as_bytes()), Signature::None, "{foreign}");
        }
        assert_eq!(signature(b"\xff\xfe\n"), Signature::None);
    }
}
