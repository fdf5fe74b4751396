//! The result of checking one piece.

use std::fmt;

use serde::Serialize;

/// How a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckState {
    /// Not looked at, or not in use.
    Skipped,
    /// Nothing is wrong.
    Ok,
    /// It works, but not as a person may expect.
    Warning,
    /// It does not work.
    Problem,
}

impl fmt::Display for CheckState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Skipped => "skipped",
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Problem => "problem",
        })
    }
}

/// One piece. As JSON an object of five: `id`, `profile` (null for the top level and for what belongs to no profile),
/// `state` (`ok`, `warning`, `problem` or `skipped`), `what` and `next` (null when nothing has to be done). A piece that
/// there can be several of, such as an address of the listener, has a check for each with the same `id`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Name of the piece; it never changes, for programs that read it.
    pub id: &'static str,
    /// The profile that it belongs to.
    pub profile: Option<String>,
    /// How it is.
    pub state: CheckState,
    /// What was found, for people. Never holds a key.
    pub what: String,
    /// What to do about it.
    pub next: Option<String>,
}

impl Check {
    fn new(id: &'static str, state: CheckState, what: String, next: Option<String>) -> Self {
        Self {
            id,
            profile: None,
            state,
            what,
            next,
        }
    }

    pub(super) fn ok(id: &'static str, what: impl Into<String>) -> Self {
        Self::new(id, CheckState::Ok, what.into(), None)
    }

    pub(super) fn skipped(id: &'static str, what: impl Into<String>) -> Self {
        Self::new(id, CheckState::Skipped, what.into(), None)
    }

    pub(super) fn warning(id: &'static str, what: impl Into<String>, next: impl Into<String>) -> Self {
        Self::new(id, CheckState::Warning, what.into(), Some(next.into()))
    }

    pub(super) fn problem(id: &'static str, what: impl Into<String>, next: impl Into<String>) -> Self {
        Self::new(id, CheckState::Problem, what.into(), Some(next.into()))
    }

    /// The same with a hint on what can be done.
    pub(super) fn with_hint(self, next: impl Into<String>) -> Self {
        Self {
            next: Some(next.into()),
            ..self
        }
    }

    pub(super) fn of(self, profile: Option<&str>) -> Self {
        Self {
            profile: profile.map(str::to_owned),
            ..self
        }
    }
}
