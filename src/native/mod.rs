//! Native messaging: what Thunderbird's extension talks to. `protocol/` in the repository describes the protocol.
//!
//! `frame` is what a frame is, `transport` how messages travel, `protocol` and `fault` their envelopes. `session` is what the
//! calls share, `reader` takes them in, `methods` says who answers which, `workers` are the threads that do. The files of
//! `calls` each answer a group of calls, by the same pipeline as the command line; `due` delivers what waits in the outbox.

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

/// Why native messaging ended otherwise than by the end of its input.
#[derive(Debug, thiserror::Error)]
pub enum NativeError {
    /// Somebody else's extension called.
    #[error(transparent)]
    Caller(#[from] CallerError),
    /// What came in was no native messaging.
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

/// How long calls may go on after the end of the input. Thunderbird sends SIGTERM three seconds after it closed our input.
const GRACE: Duration = Duration::from_millis(2500);

/// Serves the extension until the input ends. An error was told to the extension already.
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
    // Without these the threads have nothing to wait for: they finish what they have, and end.
    drop((workers, watch));
    threads.end(GRACE);
    ended
}

/// Locks. What a panic leaves behind here is whole, because it is changed in single steps.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
