//! Where events go: a MISP server or a feed folder.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::misp::event::{Draft, Skipped};

pub mod feed;
pub mod misp;

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
    pub notes: Vec<String>,
    /// Why it is queued or failed.
    pub error: Option<String>,
}

/// Why a delivery did not succeed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DeliveryError {
    /// Try again later, at the earliest after `after`.
    #[error("{reason}")]
    Temporary {
        /// In words.
        reason: String,
        /// What the server asked for.
        after: Option<Duration>,
    },
    /// Trying again without a change is useless.
    #[error("{reason}")]
    Permanent {
        /// In words, with MISP's own.
        reason: String,
    },
}

/// A place that events are delivered to. Delivering the same draft again is harmless and tells `Unchanged`.
pub trait Destination {
    /// Delivers; the receipt's `skipped` begins with the draft's own.
    fn deliver(&self, draft: &Draft) -> Result<Receipt, DeliveryError>;
}
