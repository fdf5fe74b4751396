//! Fault points: places before and after each durable step, where `tests/faults` ends the program the hard way or lets the step
//! fail. They exist only in builds with the feature `faults`; in all others a point does nothing.
//!
//! The environment of such a build says what happens: `MISPIGEON_FAULT=NAME#N=WHAT`, several with commas. The Nth passing (the first
//! without `#N`, each with `#*`) does WHAT: `kill` ends the process by SIGKILL, the other words of `armed::FAULTS` are errors of
//! the operating system. `MISPIGEON_FAULT=list` prints all points and ends. `MISPIGEON_FAULT_LOG` names a file that gets a line for
//! each passing, and one for each fault that happened.

#[cfg(all(feature = "faults", unix))]
mod armed;

#[cfg(all(feature = "faults", unix))]
pub use armed::{point, start};

/// Passes a point. Fails as the operating system would, if the harness says so.
#[cfg(not(all(feature = "faults", unix)))]
#[inline]
#[allow(clippy::unnecessary_wraps)]
pub fn point(_: &'static str) -> std::io::Result<()> {
    Ok(())
}

/// To be called first. Returns an exit code if there is nothing else to do.
#[cfg(not(all(feature = "faults", unix)))]
#[inline]
pub fn start() -> Option<std::process::ExitCode> {
    None
}

/// Passes a point at which nothing can fail, but the process can end.
#[inline]
pub fn passed(name: &'static str) {
    // The list has only `kill` for such a point.
    let _ = point(name);
}

/// All points, and what can happen at each. `tests/faults` tries all of it.
#[cfg(any(test, all(feature = "faults", unix)))]
pub const POINTS: &[(&str, &str)] = &[
    // The mail comes in.
    ("mail.open", "kill error open"),
    ("listen.signals.spawn", "kill spawn"),
    ("listen.intake.spawn", "kill spawn"),
    ("listen.entrance.spawn", "kill spawn"),
    ("listen.delivery.spawn", "kill spawn"),
    ("listen.spool", "kill error full"),
    ("listen.took", "kill error"),
    ("listen.stored", "kill error"),
    ("listen.answered", "kill error"),
    ("native.spawn", "kill spawn"),
    ("native.call.spawn", "kill spawn"),
    ("native.stored", "kill"),
    ("native.answered", "kill"),
    ("send.delivered", "kill"),
    ("send.printed", "kill"),
    // The outbox.
    ("outbox.open", "kill error open"),
    ("outbox.migrate", "kill error full"),
    ("outbox.migrated", "kill error full"),
    ("store.begin", "kill error full busy memory"),
    ("store.row", "kill error full"),
    ("store.commit", "kill error full"),
    ("store.done", "kill error full"),
    ("unload.begin", "kill error full busy memory"),
    ("unload.commit", "kill error full"),
    ("unload.done", "kill error full"),
    ("claim.begin", "kill error full busy memory"),
    ("claim.commit", "kill error full"),
    ("claim.done", "kill error full"),
    ("renew.spawn", "kill spawn"),
    ("build.spawn", "kill spawn"),
    ("draft.begin", "kill error full busy"),
    ("draft.commit", "kill error full"),
    ("draft.done", "kill error full"),
    ("finish.begin", "kill error full busy"),
    ("finish.row", "kill error full"),
    ("finish.record", "kill error full"),
    ("finish.commit", "kill error full"),
    ("finish.done", "kill error full"),
    ("put_off.begin", "kill error full busy"),
    ("put_off.commit", "kill error full"),
    ("put_off.done", "kill error full"),
    ("fail.begin", "kill error full busy"),
    ("fail.commit", "kill error full"),
    ("fail.done", "kill error full"),
    ("aside.row", "kill error full"),
    ("release.begin", "kill error full busy"),
    ("release.commit", "kill error full"),
    ("release.done", "kill error full"),
    // MISP.
    ("http.send", "kill error"),
    ("http.answer", "kill error"),
    // The feed.
    ("feed.lock", "kill error open"),
    ("feed.locked", "kill"),
    ("feed.left.removed", "kill error"),
    ("feed.file.create", "kill error full"),
    ("feed.file.write", "kill error full"),
    ("feed.file.sync", "kill error full"),
    ("feed.file.rename", "kill error full"),
    ("feed.file.renamed", "kill error full"),
    ("feed.folder.sync", "kill error full"),
    ("feed.aside", "kill error full"),
    ("hashes.open", "kill error full"),
    ("hashes.write", "kill error full"),
    ("hashes.sync", "kill error full"),
    ("hashes.done", "kill error full"),
    ("manifest.again", "kill error"),
    ("manifest.seal", "kill error full"),
    ("manifest.sealed", "kill"),
    // Files of the program's own.
    ("private.write", "kill error full"),
    ("private.rename", "kill error full"),
    ("export.mail", "kill error full"),
    ("export.entry", "kill error full"),
    ("import.read", "kill error open"),
    ("backup.sync", "kill error full"),
    ("backup.rename", "kill error full"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;

    use super::POINTS;

    /// The names of the list, as often as the source of the program names them elsewhere.
    #[test]
    fn each_point_of_the_list_is_at_one_place_and_no_place_has_another() {
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        let sources = walkdir::WalkDir::new("src").into_iter().map(Result::unwrap);
        for entry in sources.filter(|entry| entry.path().extension().is_some_and(|kind| kind == "rs")) {
            if entry.path().starts_with("src/faults") || entry.path().ends_with("faults.rs") {
                continue;
            }
            let text = fs::read_to_string(entry.path()).unwrap();
            for call in ["faults::point(\"", "faults::passed(\"", "pass(\"", "faults::through(["] {
                for rest in text.split(call).skip(1) {
                    // Of a step, three names stand between brackets.
                    let names = if call.ends_with('[') {
                        rest.split(']').next().unwrap().split(',').collect()
                    } else {
                        vec![rest.split('"').next().unwrap()]
                    };
                    for name in names {
                        *places.entry(name.trim().trim_matches('"').to_owned()).or_default() += 1;
                    }
                }
            }
        }
        let wanted: BTreeMap<String, usize> = POINTS.iter().map(|(name, _)| ((*name).to_owned(), 1)).collect();
        assert_eq!(places, wanted);
    }
}
