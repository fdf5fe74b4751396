//! The levels of the Traffic Light Protocol.

/// A level, the least restrictive first. TLP 1.0 calls `Clear` white.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum TlpLevel {
    White,
    Clear,
    Green,
    Amber,
    AmberStrict,
    Red,
}

impl TlpLevel {
    /// The tags, in the order of the levels.
    pub const TAGS: [&'static str; 6] = [
        "tlp:white",
        "tlp:clear",
        "tlp:green",
        "tlp:amber",
        "tlp:amber+strict",
        "tlp:red",
    ];
    const ALL: [Self; 6] = [
        Self::White,
        Self::Clear,
        Self::Green,
        Self::Amber,
        Self::AmberStrict,
        Self::Red,
    ];

    /// The tag as in MISP's taxonomy.
    pub fn tag(self) -> &'static str {
        match self {
            Self::White => "tlp:white",
            Self::Clear => "tlp:clear",
            Self::Green => "tlp:green",
            Self::Amber => "tlp:amber",
            Self::AmberStrict => "tlp:amber+strict",
            Self::Red => "tlp:red",
        }
    }

    /// The level of a tag, in any case.
    pub fn of_tag(tag: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|level| level.tag().eq_ignore_ascii_case(tag.trim()))
    }
}
