//! What a person is told about a submission.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Said;

/// How a submission ended, or where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Status {
    Created,
    Updated,
    Unchanged,
    Queued,
    Failed,
}

/// What a person is told about a submission; its JSON form is the contract of `send --format json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Receipt {
    /// How it ended.
    pub status: Status,
    /// Uuid of the event, when one could be derived.
    pub uuid: Option<Uuid>,
    /// Numeric id on the server.
    pub event_id: Option<String>,
    /// Where a person can look at it: the event's page, or the feed file.
    pub url: Option<String>,
    /// Attributes of the event, those of objects included, as stored at the destination.
    pub attributes: usize,
    /// Objects of the event, as stored.
    pub objects: usize,
    /// Found and not sent, or sent and dropped by the server, with the reason.
    pub skipped: Vec<Skipped>,
    /// Other things worth saying.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Said>,
    /// Why it is queued or failed.
    pub error: Option<Said>,
}

/// Something that was found and not sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// MISP attribute type.
    pub r#type: String,
    /// Value.
    pub value: String,
    /// Why.
    pub reason: Said,
}
