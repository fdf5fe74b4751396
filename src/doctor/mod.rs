//! Is everything in place? Looks at each piece (configuration, data folder, outbox, Thunderbird, servers, feeds) and says of each what is
//! wrong and what to do about it. It changes nothing.

mod server;
mod storage;
mod thunderbird;

use std::path::Path;

use serde::Serialize;

use crate::config::{Config, ConfigError, Settings};
use crate::install::Platform;
use crate::secret::Secret;
use crate::submission::Target;

/// How a piece stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// In place.
    Ok,
    /// It works, but somebody should know this.
    Warning,
    /// It does not work.
    Problem,
    /// Not looked at, or not in use.
    Skipped,
}

/// What was found of one piece.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Which piece, such as `outbox` or `role`.
    pub id: &'static str,
    /// The profile that it belongs to; null for all.
    pub profile: Option<String>,
    /// How it stands.
    pub state: State,
    /// What was found.
    pub found: String,
    /// What to do next; null when nothing has to be done.
    pub next: Option<String>,
}

#[allow(clippy::needless_pass_by_value)] // errors and texts alike, where they arise
impl Check {
    fn new(id: &'static str, state: State, found: impl ToString, next: Option<&str>) -> Self {
        Self {
            id,
            profile: None,
            state,
            found: found.to_string(),
            next: next.map(str::to_owned),
        }
    }

    fn ok(id: &'static str, found: impl ToString) -> Self {
        Self::new(id, State::Ok, found, None)
    }

    fn skipped(id: &'static str, found: impl ToString, next: Option<&str>) -> Self {
        Self::new(id, State::Skipped, found, next)
    }

    fn warning(id: &'static str, found: impl ToString, next: &str) -> Self {
        Self::new(id, State::Warning, found, Some(next))
    }

    fn problem(id: &'static str, found: impl ToString, next: &str) -> Self {
        Self::new(id, State::Problem, found, Some(next))
    }

    fn of(mut self, profile: Option<&str>) -> Self {
        self.profile = profile.map(str::to_owned);
        self
    }
}

/// What to look at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scope<'a> {
    /// The configuration's file, when it was named.
    pub file: Option<&'a Path>,
    /// Only this profile; else the main settings and all profiles.
    pub profile: Option<&'a str>,
    /// Ask no server.
    pub offline: bool,
}

/// Looks at everything; `each` is told of what was found as soon as it is known, and before a server is asked of its address.
pub fn examine(scope: &Scope, platform: Option<&Platform>, asking: &dyn Fn(&str), each: &mut dyn FnMut(Check)) {
    let config = match Config::load(scope.file) {
        Ok(config) => {
            each(configuration(&config));
            Some(config)
        }
        Err(error) => {
            each(Check::problem("configuration", &error, next_of(&error)));
            None
        }
    };
    let config = config.as_ref();
    match config.map(|config| (config, config.profile(None))) {
        Some((_, Ok(settings))) => storage::examine(&settings, each),
        Some((_, Err(error))) => each(Check::problem("configuration", &error, next_of(&error))),
        None => each(Check::skipped(
            "data",
            "the configuration says where the data lie",
            None,
        )),
    }
    match platform {
        Some(platform) => thunderbird::examine(platform, each),
        None => each(Check::skipped("thunderbird", "this user has no home folder", None)),
    }
    let Some(config) = config else { return };
    let all = std::iter::once(None).chain(config.profiles().map(Some));
    let chosen: Vec<Option<&str>> = match scope.profile {
        Some(name) => vec![Some(name)],
        None => all.collect(),
    };
    let mut asked = Vec::new();
    for profile in chosen {
        match config.profile(profile) {
            Ok(settings) => destination(scope, profile, &settings, &mut asked, asking, each),
            Err(error) => each(Check::problem("profile", &error, next_of(&error)).of(profile)),
        }
    }
}

fn configuration(config: &Config) -> Check {
    let notes = match config.check() {
        Ok(notes) => notes,
        Err(error) => return Check::problem("configuration", &error, next_of(&error)),
    };
    let Some(file) = config.file() else {
        return Check::ok(
            "configuration",
            "there is no file; the defaults hold: events go to the feed. `mispigeon config init` writes one",
        );
    };
    let profiles: Vec<&str> = config.profiles().collect();
    let words = match profiles.len() {
        0 => file.display().to_string(),
        _ => format!("{}, profiles {}", file.display(), profiles.join(", ")),
    };
    if notes.is_empty() {
        Check::ok("configuration", words)
    } else {
        let found = format!("{words}: {}", notes.join("; "));
        Check::warning(
            "configuration",
            found,
            "look at these settings with `mispigeon config show`",
        )
    }
}

fn next_of(error: &ConfigError) -> &'static str {
    match error {
        ConfigError::UnknownProfile { .. } => "name one that there is, or add the section [profile.NAME]",
        ConfigError::Unreadable { .. } => "name a file that is there and that this user may read",
        _ => "correct that; `mispigeon config check` says when it is right",
    }
}

/// Where the events of a profile go. What another profile says of the same server with the same key is not asked again.
fn destination(
    scope: &Scope,
    profile: Option<&str>,
    settings: &Settings,
    asked: &mut Vec<(String, Secret)>,
    asking: &dyn Fn(&str),
    each: &mut dyn FnMut(Check),
) {
    let mut each = |check: Check| each(check.of(profile));
    if settings.destination == Target::Feed {
        each(storage::feed(settings));
        return;
    }
    let url = settings.misp.url.clone().unwrap_or_default();
    if scope.offline {
        each(Check::skipped(
            "server",
            format!("{url} was not asked (--offline)"),
            None,
        ));
        return;
    }
    let misp = match settings.misp_settings() {
        Ok(misp) => misp,
        Err(error) => {
            each(Check::problem(
                "key",
                &error,
                "create a key on MISP's page Administration, Auth keys, and set it",
            ));
            return;
        }
    };
    let who = (url.clone(), misp.key.clone());
    if asked.contains(&who) && scope.profile.is_none() {
        each(Check::ok("server", format!("{url}, as above")));
    } else {
        asking(&url);
        server::examine(misp, settings, &mut each);
        asked.push(who);
    }
}
