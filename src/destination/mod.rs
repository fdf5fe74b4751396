//! Where events go: a MISP server or a feed folder.

use std::time::Duration;

use self::feed::FeedError;
use crate::domain::{Receipt, Said};
use crate::misp::client::MispError;
use crate::misp::event::Draft;

pub mod feed;
pub mod misp;

/// Why a delivery did not succeed.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
#[allow(missing_docs)]
pub enum DeliveryError {
    Misp(#[from] MispError),
    Feed(#[from] FeedError),
}

impl DeliveryError {
    /// Whether the same delivery may succeed later. If not, something has to be changed first.
    pub const fn is_temporary(&self) -> bool {
        match self {
            Self::Misp(error) => error.is_temporary(),
            // The disk may have room again, the folder may be mounted again.
            Self::Feed(error) => matches!(error, FeedError::Io { .. }),
        }
    }

    /// How long the server asks us to wait.
    pub const fn pause(&self) -> Option<Duration> {
        match self {
            Self::Misp(error) => error.after,
            Self::Feed(_) => None,
        }
    }
}

impl From<&DeliveryError> for Said {
    fn from(error: &DeliveryError) -> Self {
        match error {
            DeliveryError::Misp(error) => error.into(),
            DeliveryError::Feed(error) => error.problem().into(),
        }
    }
}

/// A place that events are delivered to. Delivering the same draft again is harmless and tells `Unchanged`.
pub trait Destination {
    /// Delivers; the receipt's `skipped` begins with the draft's own.
    fn deliver(&self, draft: &Draft) -> Result<Receipt, DeliveryError>;
}
