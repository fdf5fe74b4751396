//! Errors of the listener.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use super::{Address, NoAddress};
use crate::config::ConfigError;
use crate::outbox::OutboxError;

/// Why the listener cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// The configuration is at fault.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The state database cannot be opened.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    /// Nothing was named to listen at.
    #[error(
        "nothing to listen at: give --lmtp, --smtp or --smtps with an address, or set listen.lmtp, listen.smtp or \
             listen.smtps"
    )]
    NoPlace,
    /// A setting that should be an address and is none.
    #[error("listen.{key}")]
    Place {
        /// The setting.
        key: &'static str,
        /// What is wrong.
        source: NoAddress,
    },
    /// The address cannot be opened.
    #[error("cannot listen at {address}; is another program there, or are ports below 1024 not yours?")]
    Address {
        /// The address.
        address: Address,
        /// What the system said.
        source: io::Error,
    },
    /// A socket that was handed over and cannot be used.
    #[error("socket {number} that this process was started with cannot be used")]
    Socket {
        /// Which one, from 0.
        number: usize,
        /// What is wrong.
        source: io::Error,
    },
    /// A socket that was handed over and whose name says nothing.
    #[error(
        "socket {number} that this process was started with: its name `{name}` says nothing of what is spoken there; write \
         FileDescriptorName=lmtp, smtp or smtps into the .socket"
    )]
    SocketName {
        /// Which one, from 0.
        number: usize,
        /// Its name.
        name: String,
    },
    /// A certificate or key that cannot be used.
    #[error("{}: the certificate or its key cannot be used; see listen.cert and listen.key", path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The signals of the system cannot be waited for.
    #[error("cannot wait for signals")]
    Signals(#[source] io::Error),
    /// The system gives this process no thread.
    #[error("cannot begin a thread; see the limits of processes of this user")]
    Threads(#[source] io::Error),
}
