//! The data folder, the outbox and the feed.

use std::fs;

use super::{Check, State};
use crate::config::Settings;
use crate::outbox::{Outbox, OutboxError};

/// Looks at the data folder and the outbox in it.
pub fn examine(settings: &Settings, each: &mut dyn FnMut(Check)) {
    let folder = &settings.paths.data;
    let shown = folder.display();
    if !folder.exists() {
        each(Check::ok(
            "data",
            format!("{shown} is not there yet; the first mail makes it"),
        ));
        each(Check::ok("outbox", "nothing waits"));
        return;
    }
    // A file in it is the one proof that holds with every kind of permission.
    match tempfile::NamedTempFile::new_in(folder) {
        Ok(_) => each(Check::ok("data", format!("{shown} can be written"))),
        Err(error) => each(Check::problem(
            "data",
            format!("{shown} cannot be written: {error}"),
            "give it to the user that runs this program, or make room on the disk: no mail is taken until then",
        )),
    }
    each(outbox(settings));
}

fn outbox(settings: &Settings) -> Check {
    let path = &settings.paths.state_db;
    if !path.exists() {
        return Check::ok("outbox", "nothing waits");
    }
    let counted = || -> Result<(u64, u64, Option<i64>), OutboxError> {
        let outbox = Outbox::open(path)?;
        let (pending, failed) = outbox.backlog()?;
        let oldest = outbox.waiting()?.iter().map(|row| row.created).min();
        Ok((pending, failed, oldest))
    };
    match counted() {
        Ok((0, 0, _)) => Check::ok("outbox", "nothing waits"),
        Ok((pending, failed, oldest)) => {
            let since = oldest
                .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
                .map_or_else(String::new, |time| format!(", the oldest since {time}"));
            let (state, next) = if failed > 0 {
                let next =
                    "`mispigeon outbox list` says why; then `mispigeon outbox retry`, or `drop` what is not wanted";
                (State::Problem, next)
            } else {
                (
                    State::Warning,
                    "they are tried again by themselves while a host or listener runs, or with `mispigeon outbox retry`",
                )
            };
            let found = format!("{pending} wait, {failed} failed for good{since}");
            Check::new("outbox", state, found, Some(next))
        }
        Err(error) => Check::problem(
            "outbox",
            error,
            "the file must be whole and belong to this user; a copy of it keeps what it holds before you try anything",
        ),
    }
}

/// Looks at the feed that events go to.
pub fn feed(settings: &Settings) -> Check {
    let folder = &settings.paths.feed;
    let shown = folder.display();
    let manifest = folder.join("manifest.json");
    if !manifest.exists() {
        return Check::ok("feed", format!("{shown} is not there yet; the first event makes it"));
    }
    let events = fs::read(&manifest)
        .map_err(|error| error.to_string())
        .and_then(|text| {
            serde_json::from_slice::<serde_json::Map<_, _>>(&text)
                .map_err(|error| format!("it is no manifest: {error}"))
        })
        .map(|manifest| manifest.len());
    match (events, tempfile::NamedTempFile::new_in(folder)) {
        (Ok(events), Ok(_)) => Check::ok("feed", format!("{shown}: {events} events")),
        (Err(reason), _) => Check::problem(
            "feed",
            format!("{}: {reason}", manifest.display()),
            "move the feed away, or restore it from a copy: no event is added until then",
        ),
        (_, Err(error)) => Check::problem(
            "feed",
            format!("{shown} cannot be written: {error}"),
            "give it to the user that runs this program, or make room on the disk",
        ),
    }
}
