//! What Thunderbird needs to find this program, and which version of the extension its profiles have.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::Check;
use crate::host::EXTENSION_ID;
use crate::install::{Change, Machine, Plan, Platform, Postconf, RegExe, Scope, System, carry_out};

/// Profiles that are looked into, and the most of the file that lists a profile's extensions.
const PROFILES: usize = 50;
const LISTING: u64 = 32 * 1024 * 1024;

const INSTALL: &str = "mispigeon install thunderbird";

/// Looks at both ways of installing, and at the profiles.
pub fn examine(platform: &Platform, each: &mut dyn FnMut(Check)) {
    let (user, system) = (standing(platform, Scope::User), standing(platform, Scope::System));
    let found = match (user, system) {
        (Standing::Absent, Standing::Absent) => Check::skipped(
            "thunderbird",
            "Thunderbird does not know this program",
            Some("if it is to: `mispigeon install thunderbird`"),
        ),
        (Standing::Wrong(what), _) | (Standing::Absent, Standing::Wrong(what)) => {
            let next = format!("`{INSTALL}` (with --system for all users) sets it right");
            Check::problem("thunderbird", what, &next)
        }
        (Standing::Right(place), _) | (_, Standing::Right(place)) => {
            Check::ok("thunderbird", format!("it finds this program by {place}"))
        }
    };
    each(found);
    for check in extensions(platform) {
        each(check);
    }
}

/// Of one scope.
enum Standing {
    Absent,
    /// The host manifest.
    Right(String),
    /// In words.
    Wrong(String),
}

/// A dry run of the installation says what is missing.
fn standing(platform: &Platform, scope: Scope) -> Standing {
    let plan = Plan::thunderbird(platform, scope, false);
    let machine = Machine {
        registry: &RegExe,
        main_cf: &Postconf::new(None),
    };
    let changes = match carry_out(&plan, &machine, true) {
        Ok(changes) => changes,
        Err(error) => return Standing::Wrong(error.to_string()),
    };
    let mut wrong = Vec::new();
    let mut right = None;
    let mut absent = 0;
    for (step, change) in &changes {
        match change {
            Change::Unchanged => right = Some(step.place()),
            Change::Replaced(how) => wrong.push(format!("{}: {how}", step.place())),
            _ => {
                absent += 1;
                wrong.push(format!("{} is not there", step.place()));
            }
        }
    }
    match right {
        _ if absent == changes.len() => Standing::Absent,
        Some(place) if wrong.is_empty() => Standing::Right(place),
        _ => Standing::Wrong(wrong.join("; ")),
    }
}

#[derive(Deserialize)]
struct Listing {
    #[serde(default)]
    addons: Vec<Addon>,
}

#[derive(Deserialize)]
struct Addon {
    #[serde(default)]
    id: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    active: bool,
}

fn extensions(platform: &Platform) -> Vec<Check> {
    let own = env!("CARGO_PKG_VERSION");
    let mut checks = Vec::new();
    for profile in profiles(platform) {
        let Some(addon) = extension_of(&profile) else {
            continue;
        };
        let shown = profile.display();
        checks.push(if !addon.active {
            let next = "enable it in Thunderbird under Add-ons and Themes";
            Check::warning(
                "extension",
                format!("{shown}: version {}, disabled", addon.version),
                next,
            )
        } else if addon.version == own {
            Check::ok("extension", format!("{shown}: version {own}"))
        } else {
            let found = format!("{shown}: version {}, this program is {own}", addon.version);
            let next = format!("`{INSTALL}`, then install the add-on from the file that it names");
            Check::warning("extension", found, &next)
        });
    }
    checks
}

fn extension_of(profile: &Path) -> Option<Addon> {
    let file = profile.join("extensions.json");
    if fs::metadata(&file).ok()?.len() > LISTING {
        return None;
    }
    let listing: Listing = serde_json::from_slice(&fs::read(&file).ok()?).ok()?;
    listing.addons.into_iter().find(|addon| addon.id == EXTENSION_ID)
}

/// The folders that hold profiles, as Thunderbird makes them when nobody chooses another place.
fn profiles(platform: &Platform) -> Vec<PathBuf> {
    let home = &platform.home;
    let folder = match platform.system {
        System::Linux => home.join(".thunderbird"),
        System::MacOs => home.join("Library/Thunderbird/Profiles"),
        System::Windows => home.join("AppData/Roaming/Thunderbird/Profiles"),
    };
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found: Vec<_> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .take(PROFILES)
        .collect();
    found.sort();
    found
}
