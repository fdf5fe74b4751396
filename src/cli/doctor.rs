//! `mispigeon doctor`: prints the result of every check, and what to do about it.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::args::{Doctor, Global, ReportFormat};
use super::failure::{Exit, Failure};
use super::output::{BAD, FAINT, GOOD, Out, WAITING, printable};
use crate::doctor::{self, Check, CheckState, Wanted};

/// After this time, a person who waits sees what is being checked.
const SOON: Duration = Duration::from_secs(1);

/// Time between two steps of the spinner.
const TURN: Duration = Duration::from_millis(100);

pub fn run(global: &Global, arguments: &Doctor) -> Result<(), Failure> {
    let wanted = Wanted {
        config: global.config.as_deref(),
        profile: arguments.profile.as_deref(),
        offline: arguments.offline,
    };
    let checks = examine(wanted, global.quiet)?;
    let mut out = Out::new();
    match arguments.format {
        ReportFormat::Json => out.json(&checks)?,
        ReportFormat::Text => show(&mut out, &checks)?,
    }
    out.flush()?;
    if checks.iter().any(|check| check.state == CheckState::Problem) {
        Err(Failure::told(Exit::Config))
    } else {
        Ok(())
    }
}

/// Checks everything. If it takes long and a person waits, shows what is being checked.
fn examine(wanted: Wanted<'_>, quiet: bool) -> Result<Vec<Check>, Failure> {
    let doing = Mutex::new(String::new());
    let tell = |what: &str| what.clone_into(&mut doing.lock().unwrap_or_else(PoisonError::into_inner));
    let (done, end) = mpsc::channel();
    thread::scope(|scope| {
        let tell = &tell;
        // The channel closes when the thread ends, even by a panic.
        let work = move || done.send(doctor::examine(wanted, tell));
        if thread::Builder::new().spawn_scoped(scope, work).is_err() {
            // The system has no thread to spare.
            return Ok(doctor::examine(wanted, tell));
        }
        let mut spinner = None;
        loop {
            let wait = if spinner.is_some() { TURN } else { SOON };
            match end.recv_timeout(wait) {
                Ok(checks) => {
                    spinner.iter().for_each(ProgressBar::finish_and_clear);
                    return Ok(checks);
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Failure::new(Exit::Software, "the checks crashed; please report this"));
                }
                Err(RecvTimeoutError::Timeout) => {
                    let bar = spinner.get_or_insert_with(|| spinner_of(quiet));
                    bar.set_message(printable(&doing.lock().unwrap_or_else(PoisonError::into_inner)));
                    bar.tick();
                }
            }
        }
    })
}

/// Hides itself if standard error is not a terminal.
fn spinner_of(quiet: bool) -> ProgressBar {
    if quiet {
        return ProgressBar::hidden();
    }
    // The template is a constant. If it is refused, the default spinner will do.
    let style = ProgressStyle::with_template("{spinner} checking {wide_msg}");
    ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
}

fn show(out: &mut Out, checks: &[Check]) -> Result<(), Failure> {
    for check in checks {
        let style = match check.state {
            CheckState::Ok => GOOD,
            CheckState::Warning => WAITING,
            CheckState::Problem => BAD,
            CheckState::Skipped => FAINT,
        };
        let profile = check
            .profile
            .as_ref()
            .map(|name| format!(" (profile {name})"))
            .unwrap_or_default();
        let line = printable(&format!("{}{profile}: {}", check.id, check.what.replace('\n', "; ")));
        out.line(&format!("{style}{:7}{style:#}  {line}", check.state))?;
        for next in check
            .next
            .iter()
            .flat_map(|next| next.lines())
            .filter(|line| !line.trim().is_empty())
        {
            out.line(&format!("         > {}", printable(next.trim())))?;
        }
    }
    out.line("")?;
    out.line(&summary(checks))
}

fn summary(checks: &[Check]) -> String {
    let number = |state| checks.iter().filter(|check| check.state == state).count();
    let count = |state, noun: &str| match number(state) {
        0 => format!("no {noun}"),
        1 => format!("1 {noun}"),
        many => format!("{many} {noun}s"),
    };
    let (problems, warnings) = (
        count(CheckState::Problem, "problem"),
        count(CheckState::Warning, "warning"),
    );
    let (fine, skipped) = (number(CheckState::Ok), number(CheckState::Skipped));
    format!("{problems}, {warnings}; {fine} OK, {skipped} not in use or not checked")
}
