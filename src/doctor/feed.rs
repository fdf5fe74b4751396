//! Checks a feed folder: whether it can be written to, and whether its manifest is valid JSON.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufReader};
use std::path::Path;

use serde::de::IgnoredAny;

use super::check::Check;
use super::{probe, words};
use crate::config::Settings;
use crate::destination::feed::Feed;

pub(super) fn examine(settings: &Settings) -> Vec<Check> {
    let folder = &settings.paths.feed;
    let next = "give this user the right to write there, or name another folder with `feed.dir`";
    let writable = match Feed::refusal(folder) {
        Some(why) => {
            let next = "its owner can close it with `chmod o-w`; or name another folder with `feed.dir`";
            Check::problem("feed-folder", format!("{}: {why}", folder.display()), next)
        }
        None => probe::writable("feed-folder", folder, "with the first event", next),
    };
    let mut checks = vec![writable, manifest(folder)];
    checks.extend(settings.feed.dir.as_ref().map(|_| red(settings.feed.red)));
    checks
}

/// What becomes of TLP:RED in a folder that others may pull.
fn red(is_written: bool) -> Check {
    let id = "feed-red";
    if is_written {
        let what = "what is TLP:RED is written there, and whoever pulls the feed gives it the feed's distribution";
        Check::warning(
            id,
            what,
            "make sure that nobody else can read the folder, or turn `feed.red` off",
        )
    } else {
        Check::ok(
            id,
            "what is TLP:RED is not written there; it stays in the outbox until a person decides",
        )
    }
}

fn manifest(folder: &Path) -> Check {
    let id = "feed-manifest";
    let path = folder.join("manifest.json");
    match read(&path) {
        Ok((events, age)) => {
            let what = format!(
                "{} in it, written {} ago",
                words::count(events, "event"),
                words::span(age)
            );
            Check::ok(id, what).with_hint(format!(
                "a MISP takes them in as a feed: Sync Actions, Feeds, Add Feed, input source Local or Network, {}",
                folder.display()
            ))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Check::ok(id, "there is no event yet"),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            let what = format!("{} is broken: {error}", path.display());
            let next = "send one mail into the feed: the manifest is made again from the event files";
            Check::problem(id, what, next)
        }
        Err(error) => {
            let what = format!("{} cannot be read: {error}", path.display());
            Check::problem(id, what, "look at the rights of the file")
        }
    }
}

/// The number of events, and the manifest's age in seconds. Entries are parsed, but not kept.
fn read(path: &Path) -> io::Result<(u64, i64)> {
    let file = fs::File::open(path)?;
    let written = file.metadata()?.modified()?;
    #[allow(clippy::zero_sized_map_values)] // an object is read into a map, not into a set
    let entries: BTreeMap<String, IgnoredAny> = serde_json::from_reader(BufReader::new(file)).map_err(|error| {
        if error.is_io() {
            io::Error::from(error)
        } else {
            io::Error::new(io::ErrorKind::InvalidData, error)
        }
    })?;
    let age = written.elapsed().map_or(0, |age| age.as_secs());
    Ok((entries.len() as u64, i64::try_from(age).unwrap_or(i64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::super::CheckState;
    use super::*;

    #[test]
    fn a_manifest_is_counted_and_a_torn_one_is_a_problem() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("manifest.json");
        assert_eq!(manifest(folder.path()).state, CheckState::Ok);
        fs::write(&path, r#"{"a":{"info":"x"},"b":{}}"#).unwrap();
        let check = manifest(folder.path());
        assert!(
            check.state == CheckState::Ok && check.what.starts_with("2 events"),
            "{check:?}"
        );
        for broken in [r#"{"a":{"#, "[]", ""] {
            fs::write(&path, broken).unwrap();
            assert_eq!(manifest(folder.path()).state, CheckState::Problem, "{broken}");
        }
    }
}
