//! Where events go: a MISP server or a feed folder.

use std::time::Duration;

use self::feed::FeedError;
use crate::domain::{Receipt, Said};
use crate::misp::client::MispError;
use crate::misp::event::Draft;

pub mod feed;
pub mod misp;

#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub enum DeliveryError {
    Misp(#[from] MispError),
    Feed(#[from] FeedError),
}

impl DeliveryError {
    /// Whether the same delivery may succeed later. If not, somebody must change something first.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Misp(error) => error.is_temporary(),
            // The folder may be mounted again.
            Self::Feed(error) => matches!(error, FeedError::Io { .. }) && !error.can_be_mended(),
        }
    }

    /// Whether somebody can mend it without touching the mail: settings, keys, certificates, permissions.
    pub fn can_be_mended(&self) -> bool {
        match self {
            Self::Misp(error) => error.can_be_mended(),
            Self::Feed(error) => error.can_be_mended(),
        }
    }

    /// Whether the destination answers nothing at all, whatever the mail.
    pub const fn is_silence(&self) -> bool {
        match self {
            Self::Misp(error) => error.is_silence(),
            Self::Feed(_) => false,
        }
    }

    /// How long the server wants us to wait.
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

/// A place for events. To deliver the same draft again is harmless and gives `Unchanged`.
pub trait Destination {
    /// Delivers. In the receipt, `skipped` begins with the draft's own.
    fn deliver(&self, draft: &Draft) -> Result<Receipt, DeliveryError>;
}
