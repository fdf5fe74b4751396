//! Checks whether Thunderbird finds this program and has its extension. [`crate::install`] knows the places, and its
//! dry run says what is there.

use std::fs;
use std::path::{Path, PathBuf};

use super::check::Check;
use crate::domain::with_causes;
use crate::install::{
    self, Change, InstallError, Machine, Plan, Platform, Postconf, Registry, Scope, Step, SystemRegistry,
};

mod profiles;

use profiles::Installed;

const INSTALL: &str = "run: mispigeon install thunderbird";
const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(super) fn examine_this_machine() -> Vec<Check> {
    match Platform::detect() {
        Ok(platform) => examine(&platform, &SystemRegistry, &profiles::folders(&platform)),
        Err(error) => vec![Check::skipped("thunderbird", with_causes(&error))],
    }
}

/// `folders` are those in which Thunderbird may keep profiles.
fn examine(platform: &Platform, registry: &dyn Registry, folders: &[PathBuf]) -> Vec<Check> {
    let profiles = profiles::find(folders);
    let installed: Vec<&Installed> = profiles
        .iter()
        .filter_map(|profile| profile.extension.as_ref())
        .collect();
    let plans = [Scope::User, Scope::System].map(|scope| Plan::thunderbird(platform, scope, false));
    // Thunderbird prefers the user's own manifest.
    let plan = plans.iter().find(|plan| manifests(plan).any(Path::exists));
    let Some(plan) = plan else {
        return vec![if installed.is_empty() {
            Check::skipped("host-manifest", "Thunderbird is not connected with this program")
                .with_hint("`mispigeon install thunderbird` connects them")
        } else {
            let what = "Thunderbird has the extension, but nothing leads it to this program";
            Check::problem("host-manifest", what, INSTALL)
        }];
    };
    let mut checks: Vec<Check> = plan
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::HostManifest { path, .. } => Some(host_manifest(plan, step, path, platform, registry)),
            Step::RegistryKey { .. } => Some(registry_key(plan, step, registry)),
            Step::Extension { path, .. } => extension_file(plan, step, path, &installed, registry),
            Step::File { .. } | Step::ListEntry { .. } => None,
        })
        .collect();
    checks.extend(in_profiles(plan, &profiles));
    checks.extend(profiles.iter().filter_map(companion));
    checks.extend(plan.warnings.iter().map(|warning| {
        let (what, next) = warning.split_once("; ").unwrap_or((warning, INSTALL));
        Check::warning("thunderbird-place", what, next)
    }));
    checks
}

fn manifests(plan: &Plan) -> impl Iterator<Item = &Path> {
    plan.steps.iter().filter_map(|step| match step {
        Step::HostManifest { path, .. } => Some(path.as_path()),
        _ => None,
    })
}

/// What installing this step alone would change.
fn standing(plan: &Plan, step: &Step, registry: &dyn Registry) -> Result<Change, InstallError> {
    let alone = Plan {
        steps: vec![step.clone()],
        ..plan.clone()
    };
    let changes = install::carry_out(
        &alone,
        &Machine {
            registry,
            main_cf: &Postconf::new(None),
        },
        true,
    )?;
    Ok(changes
        .into_iter()
        .next()
        .map_or(Change::Unchanged, |(_, change)| change))
}

fn again(plan: &Plan) -> String {
    match plan.scope {
        Scope::User => INSTALL.to_owned(),
        Scope::System => format!("{INSTALL} --system"),
    }
}

fn host_manifest(plan: &Plan, step: &Step, path: &Path, platform: &Platform, registry: &dyn Registry) -> Check {
    let id = "host-manifest";
    let shown = path.display();
    match standing(plan, step, registry) {
        Ok(Change::Unchanged) => Check::ok(id, format!("{shown} leads Thunderbird to this program")),
        Ok(Change::Replaced(_)) => {
            let program = fs::read(path).ok().and_then(|text| install::program_of_ours(&text));
            match program {
                Some(program) => named(plan, path, &program, &platform.binary),
                None => Check::problem(id, format!("{shown} changed during the check"), "check again"),
            }
        }
        Ok(_) => Check::problem(id, format!("{shown} is not there"), again(plan)),
        Err(InstallError::Foreign { reason, .. }) => {
            let next = format!("move that file away, and {}", again(plan));
            Check::problem(id, format!("{shown}: {reason}"), next)
        }
        Err(error) => Check::problem(id, with_causes(&error), "give this user the right to read it"),
    }
}

/// Checks a manifest of ours that differs from what this program would write.
fn named(plan: &Plan, manifest: &Path, program: &Path, this: &Path) -> Check {
    let id = "host-manifest";
    let (manifest, shown) = (manifest.display(), program.display());
    let is_this = program == this
        || matches!((program.canonicalize(), this.canonicalize()), (Ok(one), Ok(other)) if one == other);
    if is_this {
        return Check::ok(id, format!("{manifest} leads Thunderbird to this program"));
    }
    let next = format!(
        "to make Thunderbird start this program, run: {} install thunderbird",
        this.display()
    );
    match fs::metadata(program) {
        Err(error) => {
            let what = format!("{manifest} leads Thunderbird to {shown}, which cannot be started: {error}");
            Check::problem(id, what, again(plan))
        }
        Ok(facts) if !is_program(&facts) => {
            let what = format!("{manifest} leads Thunderbird to {shown}, which cannot be run as a program");
            Check::problem(id, what, again(plan))
        }
        Ok(_) => {
            let what = format!(
                "{manifest} leads Thunderbird to {shown}, another program than this ({})",
                this.display()
            );
            Check::warning(id, what, next)
        }
    }
}

#[cfg(unix)]
fn is_program(facts: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    facts.is_file() && facts.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_program(facts: &fs::Metadata) -> bool {
    facts.is_file()
}

fn registry_key(plan: &Plan, step: &Step, registry: &dyn Registry) -> Check {
    let id = "registry-key";
    let place = step.place();
    match standing(plan, step, registry) {
        Ok(Change::Unchanged) => Check::ok(id, format!("{place} leads Thunderbird to the host manifest")),
        Ok(Change::Replaced(how)) => Check::problem(id, format!("{place}: {how}"), again(plan)),
        Ok(_) => Check::problem(id, format!("{place} is not there"), again(plan)),
        Err(error) => Check::problem(id, with_causes(&error), again(plan)),
    }
}

/// The file from which a person installs the extension. It is no longer needed once Thunderbird has this version.
fn extension_file(
    plan: &Plan,
    step: &Step,
    path: &Path,
    installed: &[&Installed],
    registry: &dyn Registry,
) -> Option<Check> {
    let id = "extension-file";
    let shown = path.display();
    let has_served = !installed.is_empty() && installed.iter().all(|extension| extension.version == VERSION);
    match standing(plan, step, registry) {
        Ok(Change::Unchanged) => Some(Check::ok(id, format!("{shown} is that of this program, {VERSION}"))),
        Ok(Change::Written) if has_served => None,
        Ok(Change::Replaced(_)) => {
            let what = format!("{shown} is not the extension of this program, {VERSION}");
            Some(Check::warning(id, what, again(plan)))
        }
        Ok(_) => Some(Check::warning(id, format!("{shown} is not there"), again(plan))),
        Err(error) => Some(Check::warning(id, with_causes(&error), again(plan))),
    }
}

/// Checks the extension as Thunderbird's profiles list it.
fn in_profiles(plan: &Plan, profiles: &[profiles::Profile]) -> Vec<Check> {
    let id = "extension";
    let mut checks: Vec<Check> = profiles
        .iter()
        .filter_map(|profile| profile.extension.as_ref().map(|extension| (profile, extension)))
        .map(|(profile, extension)| {
            let profile = profile.folder.display();
            let version = &extension.version;
            if version != VERSION {
                let what = format!("Thunderbird has {version} in {profile}, this program is {VERSION}");
                Check::warning(id, what, &plan.after_install)
            } else if !extension.active {
                let what = format!("it is switched off in {profile}");
                let next = "in Thunderbird open \"Add-ons and Themes\" and switch MISPigeon on";
                Check::problem(id, what, next)
            } else {
                Check::ok(id, format!("Thunderbird has {version} in {profile}"))
            }
        })
        .collect();
    if checks.is_empty() {
        checks.push(if profiles.is_empty() {
            Check::skipped(id, "no profile of Thunderbird was found for this user")
        } else {
            let what = "no profile of Thunderbird has it; it lists extensions when it starts";
            Check::warning(id, what, &plan.after_install)
        });
    }
    checks
}

/// The companion uses what a release of Thunderbird may change, so it is bound to the ESR that it was tested with.
fn companion(profile: &profiles::Profile) -> Option<Check> {
    let Installed { version, refused, .. } = profile.companion.as_ref()?;
    let (id, folder) = ("filter-action", profile.folder.display());
    if !*refused {
        return Some(Check::ok(id, format!("Thunderbird has {version} in {folder}")));
    }
    let used_by = profile.used_by.as_deref().unwrap_or_default();
    let major = |version: &str| version.split('.').next().and_then(|first| first.parse::<u32>().ok());
    let newest = companions_newest();
    Some(match (major(used_by), newest.as_deref().and_then(major)) {
        (Some(used), Some(newest)) if used > newest => {
            let what = format!(
                "Thunderbird {used_by} in {folder} refuses the filter action {version}, which is made for up to {newest}"
            );
            let next = "install the filter action of the newest MISPigeon; until then filters can set the sending tag instead \
                        (docs/thunderbird-filters.md)";
            Check::warning(id, what, next)
        }
        _ => {
            let what = format!(
                "Thunderbird {used_by} in {folder} refuses the filter action {version}: this Thunderbird takes no Experiments, \
                 or the filter action is made for another version"
            );
            let next = "let filters set the sending tag instead, or allow the filter action by its id \
                        (docs/thunderbird-filters.md)";
            Check::warning(id, what, next)
        }
    })
}

/// The newest Thunderbird that the companion of this program is made for, as its manifest says: `153.*`.
fn companions_newest() -> Option<String> {
    let manifest: serde_json::Value =
        serde_json::from_str(include_str!("../../extension/companion/manifest.json")).ok()?;
    let newest = manifest.pointer("/browser_specific_settings/gecko/strict_max_version")?;
    newest.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests;
