//! What sections of all kinds of executables have in common: their hashes, and the limits on reading them.

use super::{Section, digest, ssdeep};

pub(super) type Fields = Vec<(&'static str, String)>;

/// Honest files have a few dozen. Each section becomes an object of the event.
pub(super) const MAX_SECTIONS: usize = 100;

/// How many bytes may still be hashed. Sections may overlap, and a header may name the whole file thousands of times.
pub(super) struct Budget(usize);

impl Budget {
    /// Twice the file's size, which is more than sections without overlap can need.
    pub fn of(file: &[u8]) -> Self {
        Self(file.len().saturating_mul(2))
    }

    /// Adds hashes and entropy of `content` to the `fields` that the header gave.
    pub fn section(&mut self, mut fields: Fields, content: &[u8]) -> Section {
        let Some(left) = self.0.checked_sub(content.len()).filter(|_| !content.is_empty()) else {
            return Section { fields, telling: false };
        };
        self.0 = left;
        let digests = digest::of(content);
        let telling = digests.entropy > 0.0;
        fields.extend([
            ("entropy", digests.entropy.to_string()),
            ("md5", digests.md5),
            ("sha1", digests.sha1),
            ("sha256", digests.sha256),
            ("sha512", digests.sha512),
        ]);
        if telling {
            fields.push(("ssdeep", ssdeep::hash(content)));
        }
        Section { fields, telling }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_have_hashes_that_say_nothing_and_no_ssdeep() {
        let section = Budget::of(&[0; 64]).section(vec![], &[0; 64]);
        assert!(!section.telling);
        assert!(section.fields.iter().any(|(relation, _)| *relation == "sha256"));
        assert!(section.fields.iter().all(|(relation, _)| *relation != "ssdeep"));
    }

    #[test]
    fn sections_that_overlap_are_hashed_up_to_twice_the_file() {
        let file = b"abcd";
        let mut budget = Budget::of(file);
        let hashed = (0..9)
            .filter(|_| !budget.section(vec![], file).fields.is_empty())
            .count();
        assert_eq!(hashed, 2);
    }
}
