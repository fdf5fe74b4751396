//! A session with the extension: what its calls share.

use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use super::asked::Asked;
use super::calls::offer::Offered;
use super::fault::Fault;
use super::lock;
use super::messages::Messages;
use super::protocol::{Outcome, Progress, Stage};
use super::transport::Output;
use crate::config::{Config, ConfigError};

pub struct Session {
    pub messages: Messages,
    pub output: Output,
    /// Tags by server and words.
    pub tags: Asked<(String, String), Vec<Offered>>,
    /// The configuration file that the command line names.
    config: Option<PathBuf>,
    /// Calls that may have no answer yet; of those with the same number, the last.
    calls: Mutex<HashMap<u64, Arc<Ticket>>>,
    is_greeted: AtomicBool,
    is_closing: AtomicBool,
}

/// What is known of a call while it is answered.
#[derive(Default)]
pub struct Ticket {
    /// Its number, which the extension chose.
    pub id: u64,
    /// It changes nothing, so that nobody need wait for its end when it is cancelled.
    only_reads: bool,
    /// The extension cancelled it.
    pub given_up: AtomicBool,
    has_answer: Mutex<bool>,
}

impl Session {
    pub fn new(output: impl Write + Send + 'static, config: Option<PathBuf>) -> Self {
        Self {
            messages: Messages::default(),
            output: Output::new(output),
            tags: Asked::default(),
            config,
            calls: Mutex::default(),
            is_greeted: AtomicBool::new(false),
            is_closing: AtomicBool::new(false),
        }
    }

    /// Reads the configuration as it is now.
    pub fn read_config(&self) -> Result<Config, ConfigError> {
        Config::load(self.config.as_deref())
    }

    /// The configuration without its file, for when the file cannot be used.
    pub fn config_without_file(&self) -> Config {
        Config::without_file(self.config.as_deref())
    }

    /// Registers a call, so that it can be cancelled.
    pub fn begin(&self, id: u64, only_reads: bool) -> Arc<Ticket> {
        let ticket = Arc::new(Ticket {
            id,
            only_reads,
            ..Ticket::default()
        });
        lock(&self.calls).insert(id, Arc::clone(&ticket));
        ticket
    }

    /// Cancels a call, unless it has its answer. One that only reads has it at once, and what it still finds is of no use.
    pub fn give_up(&self, id: u64) {
        let Some(ticket) = lock(&self.calls).get(&id).cloned() else {
            return;
        };
        ticket.given_up.store(true, Ordering::Relaxed);
        if ticket.only_reads {
            self.answer(&ticket, &Err(Fault::cancelled()));
        }
    }

    /// Tells the progress of a call, unless it has its answer.
    pub fn tell(&self, ticket: &Ticket, stage: Stage, done: usize, total: usize) {
        let id = ticket.id;
        let has_answer = lock(&ticket.has_answer);
        if !*has_answer {
            self.output.notify("progress", Progress { id, stage, done, total });
        }
    }

    /// Answers a call, unless it has its answer.
    pub fn answer(&self, ticket: &Arc<Ticket>, outcome: &Outcome) {
        let mut has_answer = lock(&ticket.has_answer);
        if !std::mem::replace(&mut *has_answer, true) {
            self.output.answer(Some(ticket.id), outcome);
        }
        let mut calls = lock(&self.calls);
        if calls.get(&ticket.id).is_some_and(|last| Arc::ptr_eq(last, ticket)) {
            calls.remove(&ticket.id);
        }
    }

    /// Records that both sides agreed on a version of the protocol.
    pub fn greet(&self) {
        self.is_greeted.store(true, Ordering::Relaxed);
    }

    pub fn is_greeted(&self) -> bool {
        self.is_greeted.load(Ordering::Relaxed)
    }

    pub fn close(&self) {
        self.is_closing.store(true, Ordering::Relaxed);
    }

    pub fn is_closing(&self) -> bool {
        self.is_closing.load(Ordering::Relaxed)
    }
}
