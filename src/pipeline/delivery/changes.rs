//! Tells when the configuration, or a file that it names, has changed, so that what waits for that is tried at once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use crate::config::{Config, KeySource};

/// A file with its length and the time of its last change, if it is there.
type Seen = (PathBuf, Option<(u64, Option<SystemTime>)>);

/// What the last look of this process saw, for each state database.
static LAST: Mutex<Option<HashMap<PathBuf, Vec<Seen>>>> = Mutex::new(None);

/// The first look of a process counts as a change.
pub(super) fn since_last_look(config: &Config, database: &Path) -> bool {
    let now = look(config);
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    let before = last.get_or_insert_default().insert(database.to_owned(), now.clone());
    before.as_ref() != Some(&now)
}

fn look(config: &Config) -> Vec<Seen> {
    let mut files: Vec<PathBuf> = config.file().map(Path::to_owned).into_iter().collect();
    for profile in std::iter::once(None).chain(config.profiles().map(Some)) {
        let Ok(settings) = config.settings(profile) else {
            continue;
        };
        let misp = &settings.misp;
        let named = [&misp.ca_file, &misp.client_cert, &misp.client_key];
        files.extend(named.into_iter().flatten().cloned());
        if let Some(KeySource::File(path)) = misp.key_source() {
            files.push(path);
        }
    }
    files.sort_unstable();
    files.dedup();
    files.into_iter().map(seen).collect()
}

fn seen(path: PathBuf) -> Seen {
    let facts = path.metadata().ok();
    let facts = facts.map(|facts| (facts.len(), facts.modified().ok()));
    (path, facts)
}
