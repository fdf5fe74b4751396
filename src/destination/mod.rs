//! Where events go: a MISP server or a feed folder.

use std::time::Duration;

use crate::domain::Receipt;
use crate::misp::event::Draft;

pub mod feed;
pub mod misp;

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
