//! The choices of a person in a review, as parameters of `send` and `export`, and as `outbox.open` gives them back.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use super::messages::{Entry, Message};
use super::{Fault, Kind};
use crate::domain::{Edits, Mode, Original, Overrides, PapLevel, RowEdit, Said, Sha256, TlpLevel};
use crate::pipeline::Request;
use crate::policy;

/// Where mails come from, for people.
pub const ORIGIN: &str = "Thunderbird";

/// Longest tag, in characters: MISP's column.
const LONGEST_TAG: usize = 255;

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Choices {
    deselected: Vec<(String, String)>,
    selected: Vec<(String, String)>,
    comment: Option<String>,
    event: Option<String>,
    tlp: Option<String>,
    #[serde(deserialize_with = "distribution")]
    distribution: Option<u8>,
    keep_people: bool,
    title: Option<String>,
    pap: Option<PapLevel>,
    tags_added: Vec<String>,
    tags_removed: Vec<String>,
    #[serde(deserialize_with = "threat_level")]
    threat_level: Option<u8>,
    sharing_group: Option<u32>,
    rows: Vec<RowEdit>,
    /// Mails that are not sent: of a carrier, or of several that make one event.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left_out: Vec<Sha256>,
}

impl Choices {
    /// Nothing is chosen but whether one's own people stay.
    pub fn before_review(keep_people: bool) -> Self {
        Self {
            keep_people,
            ..Self::default()
        }
    }

    pub fn event(&self) -> Option<&str> {
        self.event.as_deref().map(str::trim).filter(|event| !event.is_empty())
    }

    fn into_overrides(self) -> Result<Overrides, Fault> {
        let text = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let edits = Edits {
            title: text(self.title),
            pap: self.pap,
            tags_added: self.tags_added,
            tags_removed: self.tags_removed,
            threat_level: self.threat_level,
            sharing_group: self.sharing_group,
            rows: self.rows,
            is_tlp_carried: false,
        };
        check(&edits, self.distribution)?;
        Ok(Overrides {
            deselected: self.deselected,
            selected: self.selected,
            comment: text(self.comment),
            event: text(self.event).map(|event| event.trim().to_owned()),
            tlp: self.tlp,
            distribution: self.distribution,
            keep_people: self.keep_people,
            edits,
            ..Overrides::default()
        })
    }
}

impl From<Overrides> for Choices {
    fn from(overrides: Overrides) -> Self {
        let edits = overrides.edits;
        Self {
            deselected: overrides.deselected,
            selected: overrides.selected,
            comment: overrides.comment,
            event: overrides.event,
            tlp: overrides.tlp.filter(|_| !edits.is_tlp_carried),
            distribution: overrides.distribution,
            keep_people: overrides.keep_people,
            title: edits.title,
            pap: edits.pap,
            tags_added: edits.tags_added,
            tags_removed: edits.tags_removed,
            threat_level: edits.threat_level,
            sharing_group: edits.sharing_group,
            rows: edits.rows,
            left_out: Vec::new(),
        }
    }
}

fn distribution<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    match Option::deserialize(deserializer)? {
        Some(level @ 5..) => Err(D::Error::custom(format!("distribution {level}; there are 0 to 4"))),
        level => Ok(level),
    }
}

fn threat_level<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    match Option::deserialize(deserializer)? {
        Some(level @ (0 | 5..)) => Err(D::Error::custom(format!("threat level {level}; there are 1 to 4"))),
        level => Ok(level),
    }
}

/// Refuses what MISP would refuse, or would leave out without a word.
fn check(edits: &Edits, distribution: Option<u8>) -> Result<(), Fault> {
    let invalid = |words: String| Err(Fault::new(Kind::Invalid, words));
    let is_wrong = |tag: &&String| tag.trim().is_empty() || tag.chars().count() > LONGEST_TAG;
    if let Some(tag) = edits.tags_added.iter().find(is_wrong) {
        return invalid(format!("a tag has 1 to {LONGEST_TAG} characters: `{tag}`"));
    }
    if edits.sharing_group.is_some() && distribution != Some(4) {
        return invalid("`sharing_group` goes with `distribution` 4".to_owned());
    }
    match policy::refused(edits) {
        Some(problem) => {
            let said = Box::new(Said::from(problem));
            let words = said.to_string();
            Err(Fault::new(Kind::Change { said }, words))
        }
        None => Ok(()),
    }
}

/// What a person asks for about a message. An entry of the outbox keeps its mode and profile, and what only the program
/// had decided.
pub fn request(message: &Message, mode: Mode, profile: Option<String>, mut choices: Choices) -> Result<Request, Fault> {
    let left_out = std::mem::take(&mut choices.left_out);
    let overrides = choices.into_overrides()?;
    Ok(match &message.entry {
        None => Request {
            origin: ORIGIN.to_owned(),
            mode,
            profile,
            overrides: Overrides {
                decrypted: message.decrypts.is_some(),
                ..overrides
            },
            original: message.decrypts.clone(),
            left_out,
        },
        Some(entry) => Request {
            origin: entry.submission.origin.clone(),
            mode: entry.submission.mode,
            profile: entry.submission.profile.clone(),
            overrides: entry.with(overrides),
            original: Some(entry.original()),
            left_out,
        },
    })
}

impl Entry {
    fn original(&self) -> Original {
        Original {
            identity: self.submission.identity,
            subject: self.submission.subject.clone(),
            message_id: self.submission.message_id.clone(),
        }
    }

    /// The choices, with what the program had decided about this entry. The marking of its carrier only rises.
    fn with(&self, mut chosen: Overrides) -> Overrides {
        let before = &self.submission.overrides;
        chosen.urls_only = before.urls_only;
        chosen.files_only = before.files_only;
        chosen.destination = before.destination;
        chosen.decrypted = before.decrypted;
        chosen.edits.is_tlp_carried = before.edits.is_tlp_carried;
        if before.edits.is_tlp_carried {
            let level = |tag: &Option<String>| tag.as_deref().and_then(TlpLevel::of_tag);
            let strictest = level(&before.tlp).max(level(&chosen.tlp));
            chosen.tlp = strictest.map(|level| level.tag().to_owned());
        }
        chosen
    }
}
