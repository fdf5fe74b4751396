//! Checks the data folder, its state database, the free space on its disk, and the outbox.

use super::check::Check;
use super::{probe, words};
use crate::config::Settings;
use crate::domain::with_causes;
use crate::outbox::{Inspection, Outbox, Standing};

/// Most damaged entries that are named.
const LISTED: usize = 10;

/// With less free space, mails of the usual size may not be stored any more.
const SCARCE: u64 = 16 << 20;

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
    let mails = |number| words::count(number, "mail");
    let since = |time: Option<i64>| words::span(now - time.unwrap_or(now));
    let waiting = if standing.pending == 0 {
        "none waits".to_owned()
    } else {
        let reason = standing.last_error.as_ref().map(|error| format!(" ({error})"));
        let put_off = if standing.put_off > 0 {
            let reason = reason.unwrap_or_default();
            format!(", {} of them put off after a failed attempt{reason}", standing.put_off)
        } else {
            String::new()
        };
        let oldest = since(standing.oldest_pending);
        format!(
            "{} to be delivered, the oldest for {oldest}{put_off}",
            mails(standing.pending)
        )
    };
    if standing.failed > 0 {
        let oldest = since(standing.oldest_failed);
        let because = standing.failed_because.as_ref();
        let because = because.map(|error| format!(" ({error})")).unwrap_or_default();
        let failed = mails(standing.failed);
        let what = format!("{failed} failed, the oldest {oldest} ago{because}; {waiting}");
        let next = "`mispigeon outbox list` says why of each; then `mispigeon outbox retry` (with --rebuild after a change of the \
                    configuration), or `mispigeon outbox drop`";
        return Check::problem("outbox", what, next);
    }
    if let Some(reason) = standing.waits_for.as_ref().filter(|_| standing.waiting > 0) {
        let oldest = since(standing.oldest_pending);
        let (pending, waiting) = (mails(standing.pending), mails(standing.waiting));
        let what = format!("{pending} to be delivered, the oldest for {oldest}; {waiting} {reason}");
        let next = "mend that; they are tried again then and now and then, and `mispigeon outbox retry` tries now";
        return Check::problem("outbox", what, next);
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

#[cfg(test)]
#[path = "storage_tests.rs"]
mod tests;
