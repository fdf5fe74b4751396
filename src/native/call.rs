//! A call while it is answered: whether it was cancelled, its progress, and its configuration.
//!
//! A call reads the configuration once, when it first needs it. The session does not keep it, because people edit the
//! file while Thunderbird runs, and a file's time does not show every change. Reading takes 0.2 ms.

use std::cell::{Cell, OnceCell};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::fault::Fault;
use super::protocol::Stage;
use super::session::{Session, Ticket};
use crate::config::{Config, ConfigError, Settings};
use crate::outbox::{Outbox, OutboxError};

/// Shortest time between two reports of progress in a stage.
const BETWEEN_PROGRESS: Duration = Duration::from_millis(250);

/// What the function of a method gets besides the parameters.
pub struct Call<'s> {
    pub session: &'s Session,
    ticket: Arc<Ticket>,
    config: OnceCell<Config>,
    told: Cell<Option<(Stage, Instant)>>,
}

impl<'s> Call<'s> {
    pub fn new(session: &'s Session, ticket: Arc<Ticket>) -> Self {
        Self {
            session,
            ticket,
            config: OnceCell::new(),
            told: Cell::new(None),
        }
    }

    /// Fails if the extension cancelled the call or the session ends. A call may have waited long for a worker.
    pub fn check(&self) -> Result<(), Fault> {
        if self.is_given_up() {
            Err(Fault::cancelled())
        } else {
            Ok(())
        }
    }

    /// Whether nobody waits for the answer any more.
    pub fn is_given_up(&self) -> bool {
        self.ticket.given_up.load(Ordering::Relaxed) || self.session.is_closing()
    }

    pub fn progress(&self, stage: Stage, done: usize, total: usize) {
        let is_soon = |(last, at): (Stage, Instant)| last == stage && at.elapsed() < BETWEEN_PROGRESS;
        if !self.told.get().is_some_and(is_soon) {
            self.told.set(Some((stage, Instant::now())));
            self.session.tell(&self.ticket, stage, done, total);
        }
    }

    /// The configuration as it was when this call first read it.
    pub fn config(&self) -> Result<&Config, ConfigError> {
        if let Some(config) = self.config.get() {
            return Ok(config);
        }
        let config = self.session.read_config()?;
        Ok(self.config.get_or_init(|| config))
    }

    /// The settings of a profile, or of the top level.
    pub fn settings(&self, profile: Option<&str>) -> Result<Settings, ConfigError> {
        self.config()?.profile(profile)
    }
}

/// The outbox; `None` if there is no database. A question does not create one.
pub fn existing_outbox(settings: &Settings) -> Result<Option<Outbox>, OutboxError> {
    let path = &settings.paths.state_db;
    path.exists().then(|| Outbox::open(path)).transpose()
}
