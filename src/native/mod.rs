//! The native messaging host: what Thunderbird's extension talks to. `protocol/` in the repository describes the protocol.
//!
//! `frame` is how bytes travel, `protocol` what they say, `session` who is asked and when it ends; the other files each
//! answer some of the calls, by the same pipeline as the command line.

mod caller;
mod connection;
mod export;
mod fault;
mod frame;
mod greeting;
mod known;
mod messages;
mod outbox;
mod page;
mod preview;
mod protocol;
mod router;
mod send;
mod session;
mod settings;
mod status;
mod surrogates;
mod text;
mod workers;

use std::io;
use std::path::{Path, PathBuf};

pub use caller::{Caller, CallerError, EXTENSION_ID, NAME};
pub use frame::FrameError;

/// Why the host ended otherwise than by the end of its input.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// Somebody else's extension called.
    #[error(transparent)]
    Caller(#[from] CallerError),
    /// What came in was no native messaging.
    #[error("{0}; this command is for Thunderbird, which starts it by itself")]
    Frame(#[from] FrameError),
}

/// Serves the extension on standard input and output until the input ends.
pub fn run(caller: Option<&Caller>, config: Option<&Path>) -> Result<(), HostError> {
    let mut output = io::stdout();
    if let Some(caller) = caller
        && let Err(error) = caller.check()
    {
        session::refuse(&mut output, &error);
        return Err(error.into());
    }
    let config = config.map(PathBuf::from);
    Ok(session::serve(&mut io::stdin().lock(), Box::new(output), config)?)
}
