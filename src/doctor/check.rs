//! The result of checking one piece.

use std::fmt;

use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckState {
    /// Not checked, or not in use.
    Skipped,
    Ok,
    /// It works, but not as people may expect.
    Warning,
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

/// The result for one piece. In JSON it is an object with `id`, `profile` (null for the top level and for what belongs
/// to no profile), `state` (`ok`, `warning`, `problem` or `skipped`), `what` and `next` (null if there is nothing to
/// do). A piece of which there may be several, such as an address of the listener, has several checks with the same
/// `id`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Name of the piece, for programs. It never changes.
    pub id: &'static str,
    pub profile: Option<String>,
    pub state: CheckState,
    /// What was found, for people. Never contains a key.
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

    /// Adds what a person can do.
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
