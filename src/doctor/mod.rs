//! Checks everything that the program needs, and says what is wrong and what to do about it. It changes nothing and
//! sends nothing. The caller shows the results.
//!
//! Each piece has a file, which returns [`Check`]s. Requests to servers have a time-out. Profiles are checked in
//! parallel.

mod check;
mod configuration;
mod feed;
mod listener;
mod offer;
mod probe;
#[cfg(unix)]
mod rights;
mod server;
mod storage;
mod thunderbird;
mod words;

use std::path::Path;
use std::thread;

pub use check::{Check, CheckState};

use crate::config::{Config, Settings};
use crate::domain::Target;

/// How many profiles are checked at the same time.
const AT_ONCE: usize = 8;

/// What to check.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// The configuration file that the user named, if any.
    pub config: Option<&'a Path>,
    /// Only this profile; `None` for all.
    pub profile: Option<&'a str>,
    /// Ask no server.
    pub offline: bool,
}

/// Called with the name of each piece before its check, for people who wait.
pub type Tell<'a> = &'a (dyn Fn(&str) + Sync);

/// Checks everything, in the order in which a mail needs it.
pub fn examine(wanted: Wanted<'_>, tell: Tell<'_>) -> Vec<Check> {
    tell("the configuration");
    let (config, mut checks) = configuration::examine(wanted.config);
    let is_usable = config.is_some();
    let config = config.unwrap_or_else(|| Config::without_file(wanted.config));
    let mut profiles = Vec::new();
    if is_usable {
        for name in names(&config, wanted.profile) {
            match configuration::settings(&config, name) {
                Ok((settings, check)) => {
                    checks.push(check.of(name));
                    profiles.push((name, settings));
                }
                Err(check) => checks.push(check.of(name)),
            }
        }
    }
    tell("the data folder");
    // A profile that cannot be used has its own check. The data folder exists anyway.
    let settings = config.profile(wanted.profile).or_else(|_| config.profile(None));
    match &settings {
        Ok(settings) => {
            checks.extend(storage::examine(settings));
            #[cfg(unix)]
            checks.push(rights::examine(settings));
        }
        Err(error) => checks.push(Check::skipped(
            "data-folder",
            format!("its place is not known: {error}"),
        )),
    }
    tell("Thunderbird");
    checks.extend(thunderbird::examine_this_machine());
    checks.extend(destinations(&profiles, wanted.offline, tell));
    if is_usable && let Ok(top) = config.profile(None) {
        checks.extend(listener::examine(&config, &top.listen));
    }
    if !is_usable {
        let what = "not checked until the configuration can be used";
        checks.push(Check::skipped("profiles", what.to_owned()));
    }
    checks
}

/// The wanted profile, else the top level (`None`) and all profiles.
fn names<'a>(config: &'a Config, wanted: Option<&'a str>) -> Vec<Option<&'a str>> {
    match wanted {
        Some(name) => vec![Some(name)],
        None => std::iter::once(None).chain(config.profiles().map(Some)).collect(),
    }
}

/// Checks the destination of each profile, in the order of the profiles.
fn destinations(profiles: &[(Option<&str>, Settings)], offline: bool, tell: Tell<'_>) -> Vec<Check> {
    let one = |name: Option<&str>, settings: &Settings| -> Vec<Check> {
        let checks = match settings.destination {
            Target::Misp => server::examine(settings, offline, tell),
            Target::Feed => feed::examine(settings),
        };
        checks.into_iter().map(|check| check.of(name)).collect()
    };
    let mut checks = Vec::new();
    for some in profiles.chunks(AT_ONCE) {
        checks.extend(thread::scope(|scope| {
            let one = &one;
            let start = |(name, settings)| {
                let work = move || one(name, settings);
                (name, settings, thread::Builder::new().spawn_scoped(scope, work))
            };
            let threads: Vec<_> = some.iter().map(|(name, settings)| start((*name, settings))).collect();
            let ended = |(name, settings, thread)| match thread {
                Ok(thread) => thread::ScopedJoinHandle::join(thread).unwrap_or_else(|_| {
                    let next = "this is a fault of the program: please report it, with the messages above";
                    vec![Check::problem("destination", "the check crashed".to_owned(), next).of(name)]
                }),
                // The system has no thread to spare.
                Err(_) => one(name, settings),
            };
            threads.into_iter().flat_map(ended).collect::<Vec<_>>()
        }));
    }
    checks
}
