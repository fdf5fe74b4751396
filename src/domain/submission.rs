//! What a caller gives the pipeline: the message, and what the person wants done with it.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::word::words;
use super::{By, Edits, Judgement, Member, Sha256};

words! {
    /// What a mail is. Decides whether its own headers are indicators.
    #[derive(Default)]
    pub enum Mode {
        /// The configured mode; without one what the mail itself shows.
        #[default]
        Auto = "auto",
        /// A message by people about threats; its body lists indicators.
        Report = "report",
        /// The threat itself: phish, malspam, spamtrap catch.
        Sample = "sample",
        /// Only the envelope of attached mails, each of which is a `sample`.
        Carrier = "carrier",
    }
}

words! {
    pub enum Target {
        /// The MISP server of the configuration.
        Misp = "misp",
        /// The feed folder.
        Feed = "feed",
    }
}

/// What a person changed for this submission only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(clippy::struct_excessive_bools)] // each is a choice of its own, stored under its name
pub struct Overrides {
    /// `type` and `value` of indicators not to send, as unticked in a review.
    pub deselected: Vec<(String, String)>,
    /// `type` and `value` of skipped indicators to send anyway.
    pub selected: Vec<(String, String)>,
    /// The analyst's comment, for the event's report.
    pub comment: Option<String>,
    /// Add to this event (numeric id or uuid) instead of making one.
    pub event: Option<String>,
    /// Only URLs and links become attributes; there are no objects but `email`.
    pub urls_only: bool,
    /// TLP tag that a person chose, or that a carrier passed on. The most restrictive marking still wins.
    pub tlp: Option<String>,
    /// PAP tag that a carrier passed on. The most restrictive marking still wins.
    pub pap: Option<String>,
    /// 0 to 4, chosen by a person.
    pub distribution: Option<u8>,
    /// Chosen by a person.
    pub destination: Option<Target>,
    /// Do not take one's own people out of the mail.
    pub keep_people: bool,
    /// Leave out the mail's text. For what remains of a carrier when its mails became submissions: its attached files.
    pub files_only: bool,
    /// The message came encrypted, and the reader's mail program decrypted it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub decrypted: bool,
    /// What a person wrote into the event. Without any, it is as in rows of older versions.
    #[serde(skip_serializing_if = "Edits::is_none")]
    pub edits: Edits,
}

/// A parameter line in the text: `m2m:key:value` (the prefix is a setting).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Directive {
    /// `m2m:attachment:benign` (the keyword is a setting): attachments are no samples.
    BenignAttachments,
    /// Needs the key.
    Publish(bool),
    /// Distribution 0 to 4. Needs the key.
    Distribution(u8),
    /// Threat level 1 to 4. Needs the key.
    ThreatLevel(u8),
    /// Analysis 0 to 2. Needs the key.
    Analysis(u8),
}

/// The mail that a message was made of by somebody else: a mail program that decrypted it, or an earlier submission without its
/// directive lines. Lists name this one.
#[derive(Clone, Debug)]
pub struct Original {
    /// See [`Submission::identity`].
    pub identity: Sha256,
    pub subject: Option<String>,
    pub message_id: Option<String>,
}

/// A message on its way in. Its bytes have no directive lines any more, so that their key is never stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Submission {
    /// The message without directive lines. Who writes the rest down keeps it beside.
    #[serde(skip)]
    pub raw: Bytes,
    /// SHA-256 of the canonical message as it came in. All uuids are derived from it.
    pub identity: Sha256,
    /// Decoded, for people.
    pub subject: Option<String>,
    /// With the angle brackets, for people.
    pub message_id: Option<String>,
    /// Those whose key was right, or that need none.
    pub directives: Vec<Directive>,
    /// Where it came from, for people: a file name, `stdin`, `thunderbird`, …
    pub origin: String,
    pub mode: Mode,
    /// What the message that it came in was taken for, and why. `None` if nobody has looked into it yet, and in rows of older versions.
    pub judgement: Option<Judgement>,
    /// `None` for the configuration's top level.
    pub profile: Option<String>,
    pub overrides: Overrides,
    /// The mails of an event that several make; empty when `raw` is one mail.
    pub members: Vec<Member>,
}

impl Submission {
    /// It was stored as it came: nobody has told what it is, and it may hold other mails that are to be sent.
    pub fn is_unopened(&self) -> bool {
        self.judgement.is_none() && self.members.is_empty() && !self.overrides.files_only
    }

    /// What the mail was to be taken for: the same whether it was opened yet or not.
    pub fn asked_mode(&self) -> Mode {
        match &self.judgement {
            Some(judgement) if judgement.is == self.mode && judgement.by != By::Chosen => Mode::Auto,
            // Of a mail that was in another, the judgement is about the other.
            Some(_) | None => self.mode,
        }
    }
}
