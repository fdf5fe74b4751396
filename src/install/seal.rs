//! The first line of texts of ours that people may change: says where the text comes from, and by its hash whether it is still as it was
//! written. What a person changed is theirs.

use sha2::{Digest, Sha256};

use crate::file::digest::hex;

/// What stands before the hash.
const WORDS: &str = "Written by `mispigeon install`; once you change it, it is yours and left alone.";

/// Whose a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Ours, as it was written, by this or another version.
    Ours,
    /// Ours, and a person has changed it.
    Changed,
    /// Somebody else's.
    Other,
}

/// The text with its seal; `comment` begins a comment in its language.
pub fn seal(comment: &str, body: &str) -> String {
    format!("{comment} {WORDS} {}\n{body}", hash(body))
}

/// Looks at the seal.
pub fn owner(text: &str) -> Owner {
    let Some((first, body)) = text.split_once('\n') else {
        return Owner::Other;
    };
    match first.split_once(WORDS) {
        Some((_, sealed)) if sealed.trim() == hash(body) => Owner::Ours,
        Some(_) => Owner::Changed,
        None => Owner::Other,
    }
}

/// Short: it guards against mistakes, not against anybody.
fn hash(body: &str) -> String {
    hex(Sha256::digest(body).get(..8).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_holds_until_the_text_is_changed() {
        let text = seal("#", "[Unit]\nDescription=x\n");
        assert!(text.starts_with("# Written by"));
        assert_eq!(owner(&text), Owner::Ours);
        assert_eq!(owner(&text.replace("=x", "=y")), Owner::Changed);
        assert_eq!(owner(&format!("{text}more\n")), Owner::Changed);
        assert_eq!(owner("[Unit]\nDescription=x\n"), Owner::Other);
        assert_eq!(owner(""), Owner::Other);
    }
}
