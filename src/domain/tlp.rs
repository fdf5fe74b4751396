//! The levels of the Traffic Light Protocol.

/// A level, the least restrictive first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TlpLevel {
    White,
    Clear,
    Green,
    Amber,
    AmberStrict,
    Red,
}

impl TlpLevel {
    /// Every level with its tag in MISP's taxonomy.
    const TAGGED: [(Self, &'static str); 6] = [
        (Self::White, "tlp:white"),
        (Self::Clear, "tlp:clear"),
        (Self::Green, "tlp:green"),
        (Self::Amber, "tlp:amber"),
        (Self::AmberStrict, "tlp:amber+strict"),
        (Self::Red, "tlp:red"),
    ];

    /// In the order of the levels.
    pub const TAGS: [&'static str; 6] = {
        let [a, b, c, d, e, f] = Self::TAGGED;
        [a.1, b.1, c.1, d.1, e.1, f.1]
    };

    pub fn tag(self) -> &'static str {
        let tagged = Self::TAGGED.iter().find(|(level, _)| *level == self);
        tagged.map_or("", |(_, tag)| tag)
    }

    /// Ignores case.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let tagged = Self::TAGGED
            .iter()
            .find(|(_, known)| known.eq_ignore_ascii_case(tag.trim()));
        tagged.map(|(level, _)| *level)
    }

    /// Whether an event with this marking may go as far as `distribution`, MISP's 0 to 4, and is meant to go that far. A
    /// sharing group (4) fits any.
    pub const fn fits(self, distribution: u8) -> bool {
        match (self, distribution) {
            (_, 4) => true,
            (Self::White | Self::Clear, distance) => distance == 3,
            (Self::Green, distance) => matches!(distance, 1 | 2),
            (Self::Amber | Self::AmberStrict | Self::Red, distance) => distance == 0,
        }
    }

    /// How restrictive the level is, from 0. `Clear` of TLP 2.0 and `White` of TLP 1.0 are the same.
    pub const fn rank(self) -> u8 {
        match self {
            Self::White | Self::Clear => 0,
            Self::Green => 1,
            Self::Amber => 2,
            Self::AmberStrict => 3,
            Self::Red => 4,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_levels_and_ranks_agree() {
        for (place, tag) in TlpLevel::TAGS.into_iter().enumerate() {
            let level = TlpLevel::of_tag(&format!(" {} ", tag.to_uppercase())).unwrap();
            assert_eq!((level.tag(), level as usize), (tag, place));
        }
        assert!(TlpLevel::TAGGED.is_sorted_by_key(|(level, _)| level.rank()));
        assert_eq!(TlpLevel::White.rank(), TlpLevel::Clear.rank());
        assert_eq!(TlpLevel::of_tag("tlp:blue"), None);
    }

    #[test]
    fn an_event_goes_as_far_as_its_marking_says() {
        for (level, fitting) in [
            (TlpLevel::Clear, &[3, 4][..]),
            (TlpLevel::Green, &[1, 2, 4]),
            (TlpLevel::Amber, &[0, 4]),
            (TlpLevel::Red, &[0, 4]),
        ] {
            let fits: Vec<u8> = (0..=4).filter(|distance| level.fits(*distance)).collect();
            assert_eq!(fits, fitting, "{level:?}");
        }
    }
}
