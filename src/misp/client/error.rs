//! What a MISP server, or what stands before it, can answer that is not what was asked for.

use std::fmt;
use std::time::Duration;

use crate::domain::{Advice, Problem, Said, Secret};

/// Why a request did not succeed, and what to do next. Never holds the API key.
#[derive(Debug)]
pub struct MispError {
    /// What a program decides by.
    pub kind: ErrorKind,
    /// For people.
    pub problem: Said,
    /// What to do about it, where `problem` does not say so.
    pub advice: Option<Advice>,
    /// How long the server asks to wait.
    pub after: Option<Duration>,
}

/// What a failed request means to the program.
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
    /// The server asks to come back later; nothing was done.
    Busy,
    /// The server does not let this user, key or address in.
    Login,
    /// The user is let in but may not do this.
    Permission,
    /// An event with this uuid exists, perhaps one that this user may not see.
    Exists,
    /// No such thing, or this user may not see it.
    NotFound,
    /// The request was read and refused.
    Refused,
    /// What answered is no MISP, or not at this address.
    NotMisp,
}

impl ErrorKind {
    /// The error of this kind.
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
    /// The same with what to do about it.
    #[must_use]
    pub(super) fn advised(self, advice: Advice) -> Self {
        let advice = Some(advice);
        Self { advice, ..self }
    }

    /// The same without the key: there are gateways that repeat a request's headers in their answer.
    #[must_use]
    pub(super) fn without(self, key: &Secret) -> Self {
        let problem = self.problem.without(key);
        Self { problem, ..self }
    }

    /// The same request may succeed later without anybody doing anything.
    pub const fn is_temporary(&self) -> bool {
        use ErrorKind::{Busy, Interrupted, TimedOut, Unreachable, Untrusted};
        matches!(self.kind, Unreachable | Untrusted | TimedOut | Interrupted | Busy)
    }

    /// Look before trying again: the server may have stored something, or still be storing.
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
