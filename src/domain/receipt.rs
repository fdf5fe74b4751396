//! The receipt of a submission.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Authentication, Judgement, Said};

/// The state of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Created,
    Updated,
    Unchanged,
    Queued,
    Failed,
}

/// What a person is told about a submission. Its JSON is the documented output of `send --format json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Receipt {
    pub status: Status,
    /// Uuid of the event, if it could be derived.
    pub uuid: Option<Uuid>,
    /// Numeric id on the server.
    pub event_id: Option<String>,
    /// The event's page, or its file in the feed.
    pub url: Option<String>,
    /// Number of attributes at the destination, with those of objects.
    pub attributes: usize,
    /// Number of objects at the destination.
    pub objects: usize,
    /// What this delivery added to an event that was named. `None` if it made an event of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added: Option<Added>,
    /// What the message was taken for, by whom and why. `None` in receipts of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Judgement>,
    /// What servers found out about who sent the mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authentication: Option<Authentication>,
    /// Found but not sent, or sent but dropped by the server.
    pub skipped: Vec<Skipped>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Said>,
    /// Why it is queued or failed.
    pub error: Option<Said>,
}

/// What a delivery added to somebody's event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    /// With those of objects.
    pub attributes: usize,
    pub objects: usize,
}

/// Something that was found but not sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// MISP attribute type.
    pub r#type: String,
    pub value: String,
    pub reason: Said,
}
