//! A session with the extension: what its calls share.

use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use super::asked::Asked;
use super::calls::offer::Offered;
use super::lock;
use super::messages::Messages;
use super::transport::Output;
use crate::config::{Config, ConfigError};

pub struct Session {
    pub messages: Messages,
    pub output: Output,
    /// Tags by server and words.
    pub tags: Asked<(String, String), Vec<Offered>>,
    /// The configuration file that the command line names.
    config: Option<PathBuf>,
    /// For each unfinished call, whether the extension cancelled it.
    given_up: Mutex<HashMap<u64, Arc<AtomicBool>>>,
    is_greeted: AtomicBool,
    is_closing: AtomicBool,
}

impl Session {
    pub fn new(output: impl Write + Send + 'static, config: Option<PathBuf>) -> Self {
        Self {
            messages: Messages::default(),
            output: Output::new(output),
            tags: Asked::default(),
            config,
            given_up: Mutex::default(),
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
    pub fn begin(&self, id: u64) -> Arc<AtomicBool> {
        let given_up = Arc::default();
        lock(&self.given_up).insert(id, Arc::clone(&given_up));
        given_up
    }

    /// Cancels a call, unless it is finished.
    pub fn give_up(&self, id: u64) {
        if let Some(given_up) = lock(&self.given_up).get(&id) {
            given_up.store(true, Ordering::Relaxed);
        }
    }

    pub fn finish(&self, id: u64) {
        lock(&self.given_up).remove(&id);
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
