//! What a person wrote into an event before it leaves: typed, kept with the submission, applied by the policy.

use serde::{Deserialize, Serialize};

use super::PapLevel;

/// Changes to the event and to its attributes. What is `None` or empty stays as decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Edits {
    /// Instead of prefix and subject. Not for a carrier, whose events would all have it.
    pub title: Option<String>,
    /// Instead of any PAP tag that the settings give.
    pub pap: Option<PapLevel>,
    pub tags_added: Vec<String>,
    /// A TLP tag stays all the same.
    pub tags_removed: Vec<String>,
    /// 1 to 4.
    pub threat_level: Option<u8>,
    /// Its number on the server. Only with distribution 4.
    pub sharing_group: Option<u32>,
    pub rows: Vec<RowEdit>,
    /// `Overrides::tlp` is the marking of a carrier, which nobody chose.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_tlp_carried: bool,
}

/// A change to one indicator.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RowEdit {
    /// Type and value name it, as the review showed it.
    pub r#type: String,
    pub value: String,
    pub to_ids: Option<bool>,
    /// Another attribute type.
    pub r#as: Option<String>,
    pub category: Option<String>,
    /// Instead of what the program would say.
    pub comment: Option<String>,
}

impl Edits {
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl RowEdit {
    /// MISP's names of what changes.
    pub fn fields(&self) -> impl Iterator<Item = &'static str> {
        [
            (self.to_ids.is_some(), "to_ids"),
            (self.r#as.is_some(), "type"),
            (self.category.is_some(), "category"),
            (self.comment.is_some(), "comment"),
        ]
        .into_iter()
        .filter_map(|(is_changed, field)| is_changed.then_some(field))
    }
}
