//! Errors of requests, from a MISP server or a proxy in front of it.

use std::fmt;
use std::time::Duration;

use crate::domain::{Advice, Problem, Said, Secret};

/// Why a request failed, and what to do next. Never contains the API key.
#[derive(Debug)]
pub struct MispError {
    /// What the program acts on.
    pub kind: ErrorKind,
    /// What people read.
    pub problem: Said,
    /// What to do about it, unless `problem` says so.
    pub advice: Option<Advice>,
    /// How long the server wants us to wait.
    pub after: Option<Duration>,
}

/// What a failed request means for the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The settings cannot work.
    Settings,
    /// No connection: nothing was sent.
    Unreachable,
    /// No connection, because the server's certificate is not trusted: nothing was sent.
    Untrusted,
    /// No answer in time: the request may have been carried out, or still be.
    TimedOut,
    /// The request may have been carried out, in whole, in part, or still be.
    Interrupted,
    /// The server asks us to come back later; nothing was done.
    Busy,
    /// The server does not let this user, key or address in.
    Login,
    /// The user is let in but may not do this.
    Permission,
    /// An event with this uuid exists, perhaps one that this user may not see.
    Exists,
    /// There is no such thing, or this user may not see it.
    NotFound,
    /// The request was read and refused.
    Refused,
    /// The answer is not from a MISP, or the MISP is not at this address.
    NotMisp,
}

impl ErrorKind {
    pub fn because(self, problem: impl Into<Said>) -> MispError {
        MispError {
            kind: self,
            problem: problem.into(),
            advice: None,
            after: None,
        }
    }
}

impl MispError {
    #[must_use]
    pub(super) fn advised(self, advice: Advice) -> Self {
        let advice = Some(advice);
        Self { advice, ..self }
    }

    /// Removes the key from the words: some gateways repeat the request's headers in their answer.
    #[must_use]
    pub(super) fn without(self, key: &Secret) -> Self {
        let problem = self.problem.without(key);
        Self { problem, ..self }
    }

    /// Whether the same request may succeed later without anybody doing anything.
    pub const fn is_temporary(&self) -> bool {
        use ErrorKind::{Busy, Interrupted, TimedOut, Unreachable};
        matches!(self.kind, Unreachable | TimedOut | Interrupted | Busy)
    }

    /// Whether it concerns all requests, so that it is mended in the settings or at the server.
    pub const fn can_be_mended(&self) -> bool {
        use ErrorKind::{Login, NotMisp, Permission, Settings, Untrusted};
        matches!(self.kind, Settings | Untrusted | Login | Permission | NotMisp)
    }

    /// Whether the server answers nothing at all, so that any other request would wait for nothing, too.
    pub const fn is_silence(&self) -> bool {
        use ErrorKind::{TimedOut, Unreachable, Untrusted};
        matches!(self.kind, Unreachable | Untrusted | TimedOut)
    }

    /// Whether to look before trying again: the server may have stored something, or still be storing it.
    pub const fn may_have_arrived(&self) -> bool {
        matches!(self.kind, ErrorKind::Interrupted | ErrorKind::TimedOut)
    }
}

impl From<&MispError> for Said {
    fn from(error: &MispError) -> Self {
        let problem = error.problem.clone();
        match error.advice {
            None => problem,
            Some(advice) => Self::from(Problem::Advised {
                problem: Box::new(problem),
                advice: Box::new(advice.into()),
            }),
        }
    }
}

impl fmt::Display for MispError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Said::from(self).fmt(f)
    }
}

impl std::error::Error for MispError {}
