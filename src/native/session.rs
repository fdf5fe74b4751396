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
use super::protocol::{Outcome, Progress};
use super::transport::Output;
use crate::config::{Config, ConfigError};

pub struct Session {
    pub messages: Messages,
    pub output: Output,
    /// Tags by server and words.
    pub tags: Asked<(String, String), Vec<Offered>>,
    /// The configuration file that the command line names.
    config: Option<PathBuf>,
    /// The calls without an answer.
    open: Mutex<HashMap<u64, Open>>,
    is_greeted: AtomicBool,
    is_closing: AtomicBool,
}

/// A call without an answer.
struct Open {
    given_up: Arc<AtomicBool>,
    /// It changes nothing, so that nobody need wait for its end when it is cancelled.
    only_reads: bool,
}

impl Session {
    pub fn new(output: impl Write + Send + 'static, config: Option<PathBuf>) -> Self {
        Self {
            messages: Messages::default(),
            output: Output::new(output),
            tags: Asked::default(),
            config,
            open: Mutex::default(),
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
    pub fn begin(&self, id: u64, only_reads: bool) -> Arc<AtomicBool> {
        let given_up = Arc::default();
        let open = Open {
            given_up: Arc::clone(&given_up),
            only_reads,
        };
        lock(&self.open).insert(id, open);
        given_up
    }

    /// Cancels a call, unless it has its answer. One that only reads has it at once, and what it still finds is of no use.
    pub fn give_up(&self, id: u64) {
        let only_reads = lock(&self.open).get(&id).is_some_and(|open| {
            open.given_up.store(true, Ordering::Relaxed);
            open.only_reads
        });
        if only_reads {
            self.answer(id, &Err(Fault::cancelled()));
        }
    }

    /// Tells the progress of a call, unless it has its answer.
    pub fn tell(&self, progress: Progress) {
        let open = lock(&self.open);
        if open.contains_key(&progress.id) {
            self.output.notify("progress", progress);
        }
    }

    /// Answers a call, unless it has its answer.
    pub fn answer(&self, id: u64, outcome: &Outcome) {
        if lock(&self.open).remove(&id).is_some() {
            self.output.answer(Some(id), outcome);
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
