//! What a front door hands to the pipeline: the message and what the person wants done with it.

use serde::{Deserialize, Serialize};

use super::Sha256;
use super::word::words;

words! {
    /// What a mail is to its sender; decides whether its own headers are indicators.
    #[derive(Default)]
    pub enum Mode {
        /// `carrier` when mails are attached and the body says nothing of its own, else the configured default.
        #[default]
        Auto = "auto",
        /// A message about threats, by people: the body lists indicators.
        Report = "report",
        /// The threat itself: phish, malspam, spamtrap catch.
        Sample = "sample",
        /// Only the envelope of attached mails, each of which is a `sample`.
        Carrier = "carrier",
    }
}

words! {
    /// Where events go.
    pub enum Target {
        /// The MISP server of the configuration.
        Misp = "misp",
        /// The feed folder.
        Feed = "feed",
    }
}

/// What a person changed for this one submission, against the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Overrides {
    /// `type` and `value` of indicators not to send, as unticked in a preview.
    pub deselected: Vec<(String, String)>,
    /// `type` and `value` of skipped indicators to send all the same.
    pub selected: Vec<(String, String)>,
    /// Free comment of the analyst, put on the event's report.
    pub comment: Option<String>,
    /// Add to this event (its numeric id or uuid) instead of making one.
    pub event: Option<String>,
    /// Only URLs (and links) become attributes; no objects but the `email` ones.
    pub urls_only: bool,
    /// TLP tag chosen by hand, or inherited from the mail that carried this one. The most restrictive marking still wins.
    pub tlp: Option<String>,
    /// Distribution chosen by hand, 0 to 4.
    pub distribution: Option<u8>,
    /// Destination chosen by hand.
    pub destination: Option<Target>,
    /// Leave the mail's own text out: what remains of a carrier whose mails became submissions of their own is its
    /// attached files.
    pub files_only: bool,
}

/// A parameter line in the text: `m2m:key:value` (the prefix is a setting).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Directive {
    /// `m2m:attachment:benign` (the keyword is a setting): attachments are no samples.
    BenignAttachments,
    /// Publish the event. Needs the key.
    Publish(bool),
    /// Distribution 0 to 4. Needs the key.
    Distribution(u8),
    /// Threat level 1 to 4. Needs the key.
    ThreatLevel(u8),
    /// Analysis 0 to 2. Needs the key.
    Analysis(u8),
}

/// A message on its way in. Its `raw` bytes are already without directive lines, so that no key is ever stored.
#[derive(Clone, Debug)]
pub struct Submission {
    /// The message, directive lines removed.
    pub raw: Vec<u8>,
    /// SHA-256 of the canonical message as it came in, the root of all derived uuids.
    pub identity: Sha256,
    /// Its decoded subject, for people.
    pub subject: Option<String>,
    /// Its Message-ID with the angle brackets, for people.
    pub message_id: Option<String>,
    /// Directives that were found (and whose key, where one is needed, was right).
    pub directives: Vec<Directive>,
    /// Where it came from, for people: a file name, `stdin`, `thunderbird`, …
    pub origin: String,
    /// What the mail is.
    pub mode: Mode,
    /// Name of the profile, `None` for the configuration's top level.
    pub profile: Option<String>,
    /// Changes for this submission alone.
    pub overrides: Overrides,
}
