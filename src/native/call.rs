//! A call while it is being answered: whether it was given up, what it tells of its progress, and what it works with.
//!
//! A call reads the configuration when it first needs it, and once. It is not kept for the session, because people change the file
//! while Thunderbird runs, and a file system does not tell every change by its time. Reading it costs 0.2 ms.

use std::cell::{Cell, OnceCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::fault::{Fault, Kind};
use super::protocol::{Progress, Stage};
use super::session::Session;
use crate::config::{Config, ConfigError, Settings};
use crate::outbox::{Outbox, OutboxError};

/// Shortest time between two reports of progress within a stage.
const BETWEEN_PROGRESS: Duration = Duration::from_millis(250);

/// What the function that answers a call is given besides the parameters.
pub struct Call<'s> {
    pub session: &'s Session,
    id: u64,
    given_up: Arc<AtomicBool>,
    config: OnceCell<Config>,
    told: Cell<Option<(Stage, Instant)>>,
}

impl<'s> Call<'s> {
    /// The call with this number; `given_up` is set when the extension cancels it.
    pub fn new(session: &'s Session, id: u64, given_up: Arc<AtomicBool>) -> Self {
        Self {
            session,
            id,
            given_up,
            config: OnceCell::new(),
            told: Cell::new(None),
        }
    }

    /// Fails when the extension gave the call up, or when the session ends. A call may have waited long for its worker.
    pub fn check(&self) -> Result<(), Fault> {
        if self.given_up.load(Ordering::Relaxed) || self.session.is_closing() {
            Err(Fault::new(Kind::Cancelled, "cancelled"))
        } else {
            Ok(())
        }
    }

    /// Tells how far the call is.
    pub fn progress(&self, stage: Stage, done: usize, total: usize) {
        let is_soon = |(last, at): (Stage, Instant)| last == stage && at.elapsed() < BETWEEN_PROGRESS;
        if !self.told.get().is_some_and(is_soon) {
            self.told.set(Some((stage, Instant::now())));
            let id = self.id;
            self.session
                .output
                .notify("progress", Progress { id, stage, done, total });
        }
    }

    /// The configuration as it was when this call first asked for it.
    pub fn config(&self) -> Result<&Config, ConfigError> {
        if let Some(config) = self.config.get() {
            return Ok(config);
        }
        let config = self.session.read_config()?;
        Ok(self.config.get_or_init(|| config))
    }

    /// The settings of a profile, of the top level without a name.
    pub fn settings(&self, profile: Option<&str>) -> Result<Settings, ConfigError> {
        self.config()?.profile(profile)
    }
}

/// The outbox, if there is a database. A question does not make one.
pub fn existing_outbox(settings: &Settings) -> Result<Option<Outbox>, OutboxError> {
    let path = &settings.paths.state_db;
    path.exists().then(|| Outbox::open(path)).transpose()
}
