//! Checks the data folder, its state database, the free space on its disk, and the outbox.

use super::check::Check;
use super::{probe, words};
use crate::config::Settings;
use crate::domain::{Said, with_causes};
use crate::outbox::{Inspection, Outbox, SCARCE, Standing};

/// Most damaged entries that are named.
const LISTED: usize = 10;

/// With less free space, there is a warning.
const LITTLE: u64 = 256 << 20;

/// Any process that runs delivers what is due. If a row is due for this many seconds, probably none runs.
const NOBODY_CAME: i64 = 15 * 60;

const MOVE: &str = "or name another folder with `data_dir` or MISPIGEON_DATA_DIR";

pub(super) fn examine(settings: &Settings) -> Vec<Check> {
    let next = format!("give this user the right to write there, {MOVE}");
    let folder = probe::writable("data-folder", &settings.paths.data, "when it is needed", next);
    let mut checks = vec![folder, room(settings)];
    if !settings.paths.state_db.exists() {
        let what = "there is none yet; the first mail makes it";
        checks.push(Check::ok("state-database", what));
        checks.push(Check::ok("outbox", "empty"));
        return checks;
    }
    let path = settings.paths.state_db.display();
    let opened = Outbox::open(&settings.paths.state_db).and_then(|outbox| Ok((outbox.inspect()?, outbox.standing()?)));
    match opened {
        Ok((inspection, standing)) => {
            checks.push(database(&inspection, &path.to_string()));
            checks.push(outbox(&standing, words::now()));
        }
        Err(error) => {
            let next = format!("do what it says, {MOVE}; keep the file: it may hold mails that are not delivered");
            checks.push(Check::problem("state-database", with_causes(&error), next));
            checks.push(Check::skipped("outbox", "cannot be read without the state database"));
        }
    }
    checks
}

fn database(inspection: &Inspection, path: &str) -> Check {
    let mut faults = inspection.pages.clone();
    if !inspection.damaged.is_empty() {
        let damaged = words::count(inspection.damaged.len() as u64, "mail");
        let entries: Vec<String> = inspection
            .damaged
            .iter()
            .take(LISTED)
            .map(ToString::to_string)
            .collect();
        faults.push(format!("{damaged} in it damaged (entry {})", entries.join(", ")));
    }
    if faults.is_empty() {
        return Check::ok("state-database", format!("{path} can be opened and is whole"));
    }
    let next = "check the disk; `mispigeon outbox list` has what waits: send damaged mails again and drop their entries, and keep a \
                copy of the file";
    Check::problem(
        "state-database",
        format!("{path} is damaged: {}", faults.join("; ")),
        next,
    )
}

fn room(settings: &Settings) -> Check {
    let folder = probe::nearest(&settings.paths.data);
    let free = match fs4::available_space(folder) {
        Ok(free) => free,
        Err(error) => return Check::skipped("free-space", format!("not known for {}: {error}", folder.display())),
    };
    let what = format!("{} free in {}", words::bytes(free), folder.display());
    let next = format!("make room, {MOVE}; mails that cannot be stored are refused");
    match free {
        ..SCARCE => Check::problem("free-space", what, next),
        SCARCE..LITTLE => Check::warning("free-space", what, next),
        LITTLE.. => Check::ok("free-space", what),
    }
}

fn outbox(standing: &Standing, now: i64) -> Check {
    let since = |time: Option<i64>| words::span(now - time.unwrap_or(now));
    let waiting = waiting(standing, now);
    if standing.failed > 0 {
        let (failed, oldest) = (mails(standing.failed), since(standing.oldest_failed));
        let reason = in_brackets(standing.last_failure.as_ref());
        let what = format!("{failed} failed, the oldest {oldest} ago{reason}; {waiting}");
        let next = "mend that; then `mispigeon outbox retry` (with --rebuild after a change of the configuration), or `mispigeon \
                    outbox drop`; `mispigeon outbox list` says it of each";
        return Check::problem("outbox", what, next);
    }
    if standing.waiting > 0 {
        let next = "mend that; they are tried again then and now and then, and `mispigeon outbox retry` tries now";
        return Check::problem("outbox", waiting, next);
    }
    let is_left = standing.overdue_since.is_some_and(|due| now - due > NOBODY_CAME);
    if is_left {
        let what = format!("{waiting}; no process has tried for {}", since(standing.overdue_since));
        let next = "`mispigeon outbox retry` delivers them; so does the next mail that is sent";
        Check::warning("outbox", what, next)
    } else if standing.put_off > 0 {
        let next = "the next attempt comes by itself; `mispigeon outbox retry` makes it now";
        Check::warning("outbox", waiting, next)
    } else {
        Check::ok("outbox", waiting)
    }
}

/// How many mails are still to be delivered, and why they are not.
fn waiting(standing: &Standing, now: i64) -> String {
    if standing.pending == 0 {
        return "none waits".to_owned();
    }
    let oldest = words::span(now - standing.oldest_pending.unwrap_or(now));
    let all = format!("{} to be delivered, the oldest for {oldest}", mails(standing.pending));
    if let Some(reason) = standing.waits_for.as_ref().filter(|_| standing.waiting > 0) {
        format!("{all}; {} {reason}", mails(standing.waiting))
    } else if standing.put_off > 0 {
        let reason = in_brackets(standing.last_error.as_ref());
        format!(
            "{all}, {} of them put off after a failed attempt{reason}",
            standing.put_off
        )
    } else {
        all
    }
}

fn mails(number: u64) -> String {
    words::count(number, "mail")
}

fn in_brackets(reason: Option<&Said>) -> String {
    reason.map(|reason| format!(" ({reason})")).unwrap_or_default()
}

#[cfg(test)]
#[path = "storage_tests.rs"]
mod tests;
