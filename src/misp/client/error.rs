//! What a MISP server, or what stands before it, can answer that is not what was asked for.

use std::time::Duration;

use crate::domain::Secret;

/// Why a request did not succeed, in words that say what to do next. Never holds the API key.
#[derive(Debug, thiserror::Error)]
pub enum MispError {
    /// The settings cannot work.
    #[error("{reason}")]
    Settings {
        /// In words.
        reason: String,
    },
    /// No connection: nothing was sent.
    #[error("{reason}; {next}")]
    Unreachable {
        /// In words.
        reason: String,
        /// What to do about it.
        next: &'static str,
    },
    /// No connection, because the server's certificate is not trusted: nothing was sent.
    #[error("{reason}; {next}")]
    Untrusted {
        /// In words.
        reason: String,
        /// What to do about it.
        next: &'static str,
    },
    /// No answer in time: the request may have been carried out, or still be.
    #[error("{reason}")]
    TimedOut {
        /// In words.
        reason: String,
    },
    /// The request may have been carried out, in whole, in part, or still be.
    #[error("{reason}")]
    Interrupted {
        /// In words.
        reason: String,
    },
    /// The server asks to come back later; nothing was done.
    #[error("{reason}")]
    Busy {
        /// In words.
        reason: String,
        /// When to come back.
        after: Option<Duration>,
    },
    /// The server does not let this user, key or address in.
    #[error("{reason}")]
    Login {
        /// In words.
        reason: String,
    },
    /// The user is let in but may not do this.
    #[error("{reason}")]
    Permission {
        /// In words.
        reason: String,
    },
    /// An event with this uuid exists, perhaps one that this user may not see.
    #[error("MISP says: {reason}")]
    Exists {
        /// MISP's words.
        reason: String,
    },
    /// No such thing, or this user may not see it.
    #[error("MISP says: {reason}")]
    NotFound {
        /// MISP's words.
        reason: String,
    },
    /// The request was read and refused.
    #[error("{reason}")]
    Refused {
        /// In words, with MISP's own.
        reason: String,
    },
    /// What answered is no MISP, or not at this address.
    #[error("{reason}")]
    NotMisp {
        /// In words.
        reason: String,
    },
}

impl MispError {
    /// The same words without the key: gateways there are that repeat a request's headers in their answer.
    pub(super) fn without(mut self, key: &Secret) -> Self {
        let (Self::Settings { reason }
        | Self::Unreachable { reason, .. }
        | Self::Untrusted { reason, .. }
        | Self::TimedOut { reason }
        | Self::Interrupted { reason }
        | Self::Busy { reason, .. }
        | Self::Login { reason }
        | Self::Permission { reason }
        | Self::Exists { reason }
        | Self::NotFound { reason }
        | Self::Refused { reason }
        | Self::NotMisp { reason }) = &mut self;
        *reason = key.hide_in(reason);
        self
    }

    /// The same request may succeed later without anybody doing anything.
    pub const fn is_temporary(&self) -> bool {
        matches!(
            self,
            Self::Unreachable { .. }
                | Self::Untrusted { .. }
                | Self::TimedOut { .. }
                | Self::Interrupted { .. }
                | Self::Busy { .. }
        )
    }

    /// Look before trying again: the server may have stored something, or still be storing.
    pub const fn may_have_arrived(&self) -> bool {
        matches!(self, Self::Interrupted { .. } | Self::TimedOut { .. })
    }
}
