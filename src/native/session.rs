//! A session with the extension: what its calls share.

use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use super::lock;
use super::messages::Messages;
use super::transport::Output;
use crate::config::{Config, ConfigError};

/// What all calls share.
pub struct Session {
    pub messages: Messages,
    pub output: Output,
    /// The configuration file that was named on the command line.
    config: Option<PathBuf>,
    /// Of each call that a worker has or will have, whether the extension gave it up.
    given_up: Mutex<HashMap<u64, Arc<AtomicBool>>>,
    is_greeted: AtomicBool,
    is_closing: AtomicBool,
}

impl Session {
    pub fn new(output: impl Write + Send + 'static, config: Option<PathBuf>) -> Self {
        Self {
            messages: Messages::default(),
            output: Output::new(output),
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

    /// What is known of the configuration when its file cannot be used.
    pub fn config_without_file(&self) -> Config {
        Config::without_file(self.config.as_deref())
    }

    /// From here on a call can be given up.
    pub fn begin(&self, id: u64) -> Arc<AtomicBool> {
        let given_up = Arc::default();
        lock(&self.given_up).insert(id, Arc::clone(&given_up));
        given_up
    }

    /// Gives a call up, if it is not over.
    pub fn give_up(&self, id: u64) {
        if let Some(given_up) = lock(&self.given_up).get(&id) {
            given_up.store(true, Ordering::Relaxed);
        }
    }

    /// The call is over.
    pub fn finish(&self, id: u64) {
        lock(&self.given_up).remove(&id);
    }

    /// Both sides agreed on a version of the protocol.
    pub fn greet(&self) {
        self.is_greeted.store(true, Ordering::Relaxed);
    }

    pub fn is_greeted(&self) -> bool {
        self.is_greeted.load(Ordering::Relaxed)
    }

    /// The input ended.
    pub fn close(&self) {
        self.is_closing.store(true, Ordering::Relaxed);
    }

    /// Whether the input ended.
    pub fn is_closing(&self) -> bool {
        self.is_closing.load(Ordering::Relaxed)
    }
}
