//! The levels of the Permissible Actions Protocol: what may be done with an indicator, where the TLP says who may know it.

use super::{TlpLevel, words};

words! {
    /// A level, the least restrictive first; its name is its tag in MISP's taxonomy.
    #[derive(PartialOrd, Ord)]
    pub enum PapLevel {
        White = "PAP:WHITE",
        Clear = "PAP:CLEAR",
        Green = "PAP:GREEN",
        Amber = "PAP:AMBER",
        Red = "PAP:RED",
    }
}

impl PapLevel {
    /// Ignores case.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let mut names = Self::NAMES.iter();
        names
            .find(|name| name.eq_ignore_ascii_case(tag.trim()))
            .and_then(|name| Self::of_name(name))
    }
}

/// Both protocols have the same colours.
impl From<TlpLevel> for PapLevel {
    fn from(colour: TlpLevel) -> Self {
        match colour {
            TlpLevel::White => Self::White,
            TlpLevel::Clear => Self::Clear,
            TlpLevel::Green => Self::Green,
            TlpLevel::Amber | TlpLevel::AmberStrict => Self::Amber,
            TlpLevel::Red => Self::Red,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_levels_agree() {
        for name in PapLevel::NAMES {
            let level = PapLevel::of_tag(&format!(" {} ", name.to_lowercase())).unwrap();
            assert_eq!(level.name(), *name);
        }
        assert!(PapLevel::Red > PapLevel::Amber && PapLevel::Clear > PapLevel::White);
        for other in ["PAP", "PAP:BLUE", "tlp:red", "PAP:AMBER+STRICT"] {
            assert_eq!(PapLevel::of_tag(other), None, "{other}");
        }
    }
}
