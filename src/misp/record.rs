//! What the program remembers of an event that a server has from it. Whoever sends the mail again need not ask the server
//! for what both know, and can tell a changed setting from an analyst's change.

use hashbrown::HashSet;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{Directive, Skipped};

/// What is known of earlier deliveries of an event.
#[derive(Clone, Debug, Default)]
pub enum Earlier {
    #[default]
    None,
    /// An attempt did not end well: the server may still be storing what it got then.
    Tried,
    Delivered(Box<Record>),
}

/// An event as it was delivered last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    pub head: Head,
    pub tags: Vec<String>,
    #[serde(default)]
    pub directives: Vec<Directive>,
    /// What the server did not take.
    pub refused: Vec<Skipped>,
    /// A number for each part that was sent, taken or not. They are stored beside the rest.
    #[serde(skip)]
    pub parts: HashSet<u64>,
}

/// The fields of an event that settings decide.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub info: String,
    pub distribution: String,
    pub sharing_group_id: Option<String>,
    pub threat_level_id: String,
    pub analysis: String,
}

impl Record {
    pub fn has(&self, part: Uuid) -> bool {
        self.parts.contains(&number(part))
    }
}

/// A derived uuid is itself a hash, so half of it is enough.
pub(super) fn number(uuid: Uuid) -> u64 {
    uuid.as_u64_pair().0
}
