//! The levels of the Permissible Actions Protocol: what may be done with an indicator, where the TLP says who may know it.

use super::TlpLevel;

/// A level, the least restrictive first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PapLevel {
    White,
    Clear,
    Green,
    Amber,
    Red,
}

impl PapLevel {
    /// Every level with its tag in MISP's taxonomy.
    const TAGGED: [(Self, &'static str); 5] = [
        (Self::White, "PAP:WHITE"),
        (Self::Clear, "PAP:CLEAR"),
        (Self::Green, "PAP:GREEN"),
        (Self::Amber, "PAP:AMBER"),
        (Self::Red, "PAP:RED"),
    ];

    pub fn tag(self) -> &'static str {
        let tagged = Self::TAGGED.iter().find(|(level, _)| *level == self);
        tagged.map_or("", |(_, tag)| tag)
    }

    /// Ignores case.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let mut tagged = Self::TAGGED.iter();
        let known = tagged.find(|(_, known)| known.eq_ignore_ascii_case(tag.trim()));
        known.map(|(level, _)| *level)
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
        for (level, tag) in PapLevel::TAGGED {
            assert_eq!(PapLevel::of_tag(&format!(" {} ", tag.to_lowercase())), Some(level));
            assert_eq!(level.tag(), tag);
        }
        assert!(PapLevel::TAGGED.is_sorted());
        for other in ["PAP", "PAP:BLUE", "tlp:red", "PAP:AMBER+STRICT"] {
            assert_eq!(PapLevel::of_tag(other), None, "{other}");
        }
    }
}
