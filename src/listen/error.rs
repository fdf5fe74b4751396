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
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    /// There is no address to listen at.
    #[error(
        "nothing to listen at: give --lmtp, --smtp or --smtps with an address, or set listen.lmtp, listen.smtp or \
             listen.smtps"
    )]
    NoPlace,
    #[error("listen.{key}")]
    Place { key: &'static str, source: NoAddress },
    #[error("cannot listen at {address}; is another program there, or are ports below 1024 not yours?")]
    Address { address: Address, source: io::Error },
    #[error("socket {number} that this process was started with cannot be used")]
    Socket {
        /// Counted from 0.
        number: usize,
        source: io::Error,
    },
    /// The socket's name does not tell its protocol.
    #[error(
        "socket {number} that this process was started with: its name `{name}` says nothing of what is spoken there; write \
         FileDescriptorName=lmtp, smtp or smtps into the .socket"
    )]
    SocketName {
        /// Counted from 0.
        number: usize,
        name: String,
    },
    #[error("{}: the certificate or its key cannot be used; see listen.cert and listen.key", path.display())]
    Certificate {
        path: PathBuf,
        source: Box<dyn Error + Send + Sync>,
    },
    #[error("cannot wait for signals")]
    Signals(#[source] io::Error),
    /// The system cannot start a thread for this process.
    #[error("cannot begin a thread; see the limits of processes of this user")]
    Threads(#[source] io::Error),
}
