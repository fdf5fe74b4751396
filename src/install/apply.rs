//! Carries a plan out, or undoes it: files appear whole or not at all, what is in place already is left alone, and
//! nothing that is not ours is touched.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::seal::{Owner, owner};
use super::{InstallError, Plan, Registry, Scope, Step, host_manifest};

/// What a step came to, or in a dry run would come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was not there.
    Written,
    /// Something older of ours was there; in words, what.
    Replaced(String),
    /// It was there, exactly so.
    Unchanged,
    /// It was there and is gone.
    Removed,
    /// It was not there and did not have to go.
    Absent,
    /// What is there is not ours, and stays; in words, what it is.
    Left(String),
}

/// What is in the place of a step.
enum Standing {
    Absent,
    Current,
    /// Ours, but not what the plan says; in words, how it differs.
    Outdated(String),
    /// Not ours; in words, what it is.
    Foreign(String),
}

/// Puts everything in place, or with `dry` only looks what that would change. Refuses, before anything was changed,
/// when something else has one of the places.
pub fn carry_out<'a>(
    plan: &'a Plan,
    registry: &dyn Registry,
    dry: bool,
) -> Result<Vec<(&'a Step, Change)>, InstallError> {
    let mut changes = Vec::new();
    for step in &plan.steps {
        let change = match standing(step, plan.scope, registry)? {
            Standing::Absent => Change::Written,
            Standing::Current => Change::Unchanged,
            Standing::Outdated(how) => Change::Replaced(how),
            Standing::Foreign(reason) => {
                let path = step.place().into();
                return Err(InstallError::Foreign { path, reason });
            }
        };
        changes.push((step, change));
    }
    if !dry {
        for (step, _) in changes.iter().filter(|(_, change)| *change != Change::Unchanged) {
            put(step, plan.scope, registry)?;
        }
    }
    Ok(changes)
}

/// Removes what [`carry_out`] put in place, of whatever version, or with `dry` only looks what that would remove.
pub fn undo<'a>(plan: &'a Plan, registry: &dyn Registry, dry: bool) -> Result<Vec<(&'a Step, Change)>, InstallError> {
    let mut changes = Vec::new();
    for step in plan.steps.iter().rev() {
        let change = match standing(step, plan.scope, registry)? {
            Standing::Absent => Change::Absent,
            Standing::Current | Standing::Outdated(_) => Change::Removed,
            Standing::Foreign(reason) => Change::Left(reason),
        };
        if change == Change::Removed && !dry {
            remove(step, plan.scope, registry)?;
        }
        changes.push((step, change));
    }
    Ok(changes)
}

impl Step {
    /// The file or key, as a person is told of it.
    pub fn place(&self) -> String {
        match self {
            Self::HostManifest { path, .. } | Self::File { path, .. } | Self::Text { path, .. } => {
                path.display().to_string()
            }
            Self::RegistryKey { key, .. } => key.clone(),
        }
    }
}

fn standing(step: &Step, scope: Scope, registry: &dyn Registry) -> Result<Standing, InstallError> {
    match step {
        Step::HostManifest { path, text } => Ok(match read(path, scope)? {
            None => Standing::Absent,
            Some(found) if found == text.as_bytes() => Standing::Current,
            Some(found) => standing_of_manifest(&found, text),
        }),
        // The name of the file says whose it is.
        Step::File { path, bytes } => Ok(match read(path, scope)? {
            None => Standing::Absent,
            Some(found) if found == **bytes => Standing::Current,
            Some(_) => Standing::Outdated("it was of another version".to_owned()),
        }),
        Step::Text { path, text } => Ok(match read(path, scope)? {
            None => Standing::Absent,
            Some(found) if found == text.as_bytes() => Standing::Current,
            Some(found) => match owner(&String::from_utf8_lossy(&found)) {
                Owner::Ours => Standing::Outdated("it was of another version, or for another program".to_owned()),
                Owner::Changed => Standing::Foreign("somebody has changed it since it was written".to_owned()),
                Owner::Other => Standing::Foreign("it was not written by this program".to_owned()),
            },
        }),
        Step::RegistryKey { key, manifest } => {
            let failed = |error: io::Error| registry_error(key, scope, &error);
            if !registry.has(key).map_err(failed)? {
                Ok(Standing::Absent)
            } else if registry.leads_to(key, manifest).map_err(failed)? {
                Ok(Standing::Current)
            } else {
                Ok(Standing::Outdated("it led to another manifest".to_owned()))
            }
        }
    }
}

fn standing_of_manifest(found: &[u8], wanted: &str) -> Standing {
    let wanted = host_manifest::program_of_ours(wanted.as_bytes());
    match host_manifest::program_of_ours(found) {
        None => Standing::Foreign("it is no host manifest for MISPigeon's extension".to_owned()),
        found if found == wanted => Standing::Outdated("it was of another version".to_owned()),
        Some(program) => Standing::Outdated(format!("it named {}", program.display())),
    }
}

fn read(path: &Path, scope: Scope) -> Result<Option<Vec<u8>>, InstallError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(InstallError::file(path, scope, error)),
    }
}

fn put(step: &Step, scope: Scope, registry: &dyn Registry) -> Result<(), InstallError> {
    match step {
        Step::HostManifest { path, text } => write(path, text.as_bytes(), scope),
        Step::File { path, bytes } => write(path, bytes, scope),
        Step::Text { path, text } => write(path, text.as_bytes(), scope),
        Step::RegistryKey { key, manifest } => registry
            .set(key, manifest)
            .map_err(|error| registry_error(key, scope, &error)),
    }
}

fn remove(step: &Step, scope: Scope, registry: &dyn Registry) -> Result<(), InstallError> {
    match step {
        Step::HostManifest { path, .. } | Step::File { path, .. } | Step::Text { path, .. } => {
            fs::remove_file(path).map_err(|error| InstallError::file(path, scope, error))
        }
        Step::RegistryKey { key, .. } => registry.remove(key).map_err(|error| registry_error(key, scope, &error)),
    }
}

fn registry_error(key: &str, scope: Scope, error: &io::Error) -> InstallError {
    InstallError::Registry {
        key: key.to_owned(),
        scope,
        reason: error.to_string(),
    }
}

/// Writes a file that everybody can read, under its name only once it is whole.
fn write(path: &Path, bytes: &[u8], scope: Scope) -> Result<(), InstallError> {
    let folder = path.parent().unwrap_or(path);
    make_folders(folder, scope)?;
    let failed = |error| InstallError::file(path, scope, error);
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    open_to_readers(file.path(), 0o644).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Makes the folders that are missing. Those of all users can be read by all users, whatever the mask of the one who
/// runs the program; a user's own keep to that mask.
fn make_folders(folder: &Path, scope: Scope) -> Result<(), InstallError> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent() {
        make_folders(parent, scope)?;
    }
    let failed = |error| InstallError::file(folder, scope, error);
    fs::create_dir(folder).map_err(failed)?;
    match scope {
        Scope::System => open_to_readers(folder, 0o755).map_err(failed),
        Scope::User => Ok(()),
    }
}

#[cfg(unix)]
fn open_to_readers(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

/// Windows hands the rights of the folder down.
#[cfg(not(unix))]
fn open_to_readers(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}
