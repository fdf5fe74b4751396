//! The points of a build for the fault harness: what the environment asks for happens here.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::{LazyLock, Mutex, PoisonError};

use rustix::io::Errno;
use rustix::process::{Signal, getpid, kill_process};

use super::POINTS;

/// The words for errors of the operating system, and which each is.
pub const FAULTS: [(&str, Errno); 6] = [
    ("error", Errno::IO),
    ("full", Errno::NOSPC),
    ("busy", Errno::BUSY),
    ("memory", Errno::NOMEM),
    ("spawn", Errno::AGAIN),
    ("open", Errno::MFILE),
];

#[derive(Clone, Copy)]
enum Fault {
    Kill,
    Fail(Errno),
}

/// What happens at one point.
struct Order {
    name: String,
    /// `None` for each passing.
    nth: Option<usize>,
    fault: Fault,
    word: String,
}

impl Order {
    fn parse(text: &str) -> Option<Self> {
        let (place, word) = text.split_once('=')?;
        let (name, nth) = match place.split_once('#') {
            Some((name, "*")) => (name, None),
            Some((name, nth)) => (name, Some(nth.parse().ok()?)),
            None => (place, Some(1)),
        };
        let fault = if word == "kill" {
            Fault::Kill
        } else {
            let known = FAULTS.iter().find(|(known, _)| *known == word)?;
            Fault::Fail(known.1)
        };
        let can = |(known, words): &(&str, &str)| *known == name && words.split(' ').any(|known| known == word);
        POINTS.iter().any(can).then(|| Self {
            name: name.to_owned(),
            nth,
            fault,
            word: word.to_owned(),
        })
    }
}

/// Read once. An order that nobody understands counts as none, but [`start`] refuses it before.
static ORDERS: LazyLock<Vec<Order>> = LazyLock::new(|| asked().split(',').filter_map(Order::parse).collect());
static LOG: LazyLock<Option<File>> = LazyLock::new(|| {
    let path = std::env::var_os("MISPIGEON_FAULT_LOG")?;
    OpenOptions::new().append(true).create(true).open(path).ok()
});
static PASSINGS: Mutex<BTreeMap<&'static str, usize>> = Mutex::new(BTreeMap::new());

fn asked() -> String {
    std::env::var("MISPIGEON_FAULT").unwrap_or_default()
}

/// Prints the list if it is asked for, and refuses an order that nobody understands: a row of the harness must not pass because
/// nothing happened.
pub fn start() -> Option<ExitCode> {
    let asked = asked();
    if asked == "list" {
        for (name, words) in POINTS {
            let _ = writeln!(io::stdout(), "{name} {words}");
        }
        return Some(ExitCode::SUCCESS);
    }
    let wrong = asked
        .split(',')
        .find(|order| !order.is_empty() && Order::parse(order).is_none());
    wrong.map(|wrong| {
        let _ = writeln!(io::stderr(), "MISPIGEON_FAULT: not understood: {wrong}");
        ExitCode::FAILURE
    })
}

/// Passes a point. Fails as the operating system would, if the harness says so.
pub fn point(name: &'static str) -> io::Result<()> {
    let count = {
        let mut passings = PASSINGS.lock().unwrap_or_else(PoisonError::into_inner);
        let count = passings.entry(name).or_default();
        *count += 1;
        *count
    };
    tell(&format!("passed {name}\n"));
    let order = ORDERS
        .iter()
        .find(|order| order.name == name && order.nth.is_none_or(|nth| nth == count));
    let Some(order) = order else { return Ok(()) };
    tell(&format!("fault {name} {}\n", order.word));
    match order.fault {
        Fault::Fail(error) => Err(error.into()),
        Fault::Kill => {
            let killed = kill_process(getpid(), Signal::KILL);
            // The signal may take a moment, in which nothing more must happen.
            while killed.is_ok() {
                std::thread::park();
            }
            Err(Errno::IO.into())
        }
    }
}

fn tell(line: &str) {
    if let Some(mut log) = LOG.as_ref() {
        // The harness takes a missing line for a fault that did not happen.
        let _ = log.write_all(line.as_bytes());
    }
}
