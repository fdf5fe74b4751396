//! Native messaging: the program's side of the connection to Thunderbird's extension. `protocol/` describes the
//! protocol.
//!
//! `frame` reads and writes frames, `transport` sends messages, `protocol` and `fault` are their envelopes. `session`
//! is what calls share, `reader` receives calls, `methods` says who answers which, `workers` are the threads that do.
//! Each file of `calls` answers a group of calls with the same pipeline as the command line. `due` delivers what is due
//! in the outbox.

mod asked;
mod call;
mod caller;
mod calls;
mod due;
mod fault;
mod frame;
mod json;
mod messages;
mod methods;
mod page;
mod protocol;
mod reader;
mod session;
mod surrogates;
mod threads;
mod transport;
mod versions;
mod workers;

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use caller::{Caller, CallerError, EXTENSION_ID, NAME};
pub use frame::FrameError;

use fault::{Fault, Kind};
use reader::Reader;
use session::Session;
use threads::Threads;
use transport::Output;
use workers::Workers;

/// Why native messaging ended before the end of its input.
#[derive(Debug, thiserror::Error)]
pub enum NativeError {
    /// Another extension called, or the manifest is wrong.
    #[error(transparent)]
    Caller(#[from] CallerError),
    /// The input is not native messaging.
    #[error("{0}; this command is for Thunderbird, which starts it by itself")]
    Frame(#[from] FrameError),
}

/// Serves the extension on standard input and output until the input ends.
pub fn run(caller: Option<&Caller>, config: Option<&Path>) -> Result<(), NativeError> {
    if let Some(caller) = caller
        && let Err(error) = caller.check()
    {
        Output::new(io::stdout()).answer(None, &Err(Fault::new(Kind::NotAllowed, &error)));
        return Err(error.into());
    }
    let config = config.map(PathBuf::from);
    Ok(serve(&mut io::stdin().lock(), io::stdout(), config)?)
}

/// How long calls may continue after the input ends. Thunderbird sends SIGTERM three seconds after it closes our input.
const GRACE: Duration = Duration::from_millis(2500);

/// Serves the extension until the input ends. The extension has been told of the returned error.
fn serve(
    input: &mut impl Read,
    output: impl Write + Send + 'static,
    config: Option<PathBuf>,
) -> Result<(), FrameError> {
    let session = Arc::new(Session::new(output, config));
    let mut threads = Threads::default();
    let workers = Workers::start(&session, &mut threads);
    let watch = due::start(&session, &mut threads);
    let ended = Reader::new(&session, &workers).read(input);
    session.close();
    // Without these the threads wait for nothing any more: they finish their calls and end.
    drop((workers, watch));
    threads.end(GRACE);
    ended
}

/// Locks even after a panic: the data behind these locks changes in single steps, so it is never half changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What fuzzing reaches.
#[cfg(fuzzing)]
pub mod fuzzed {
    /// A whole session, with the bytes as its input.
    pub fn session(bytes: &[u8]) {
        let _ = super::serve(&mut &*bytes, std::io::sink(), Some("/nonexistent/config.toml".into()));
    }
}
