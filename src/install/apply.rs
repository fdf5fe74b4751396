//! Carries out a plan, or undoes it. A file is written completely or not at all. What is already in place stays, and
//! files of others are never changed.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::main_cf;
use super::signed::{Signature, signature};
use super::{InstallError, Machine, Owner, Plan, Scope, Signed, Step, host_manifest};
use crate::config::beside;

/// If this parameter is empty, Postfix accepts every local recipient. An entry would make it start to check them.
const UNCHECKED: &str = "local_recipient_maps";

/// What a step did, or would do in a dry run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It did not exist before.
    Written,
    /// It replaced something older of ours; the text says what.
    Replaced(String),
    /// It was in place already.
    Unchanged,
    /// It does not exist, and this machine does not need it.
    Needless,
    Removed,
    /// It did not exist, so nothing was removed.
    Absent,
    /// Something in its place is not ours and stays; the text says what.
    Left(String),
}

/// What the place of a step contains now.
enum Standing {
    Absent,
    Current,
    /// Ours, but different from the plan; the text says how.
    Outdated(String),
    /// Not ours; the text says what it is.
    Foreign(String),
    /// Does not exist and is not needed.
    Needless,
}

/// Puts everything in place; with `dry`, only says what that would change. If something of others is in one of the
/// places, changes nothing. If a step fails, removes the new files of earlier steps.
pub fn carry_out<'a>(
    plan: &'a Plan,
    machine: &Machine<'_>,
    dry: bool,
) -> Result<Vec<(&'a Step, Change)>, InstallError> {
    let mut changes = Vec::new();
    for step in &plan.steps {
        let change = match standing(step, plan.scope, machine)? {
            Standing::Absent => Change::Written,
            Standing::Current => Change::Unchanged,
            Standing::Needless => Change::Needless,
            Standing::Outdated(how) => Change::Replaced(how),
            Standing::Foreign(reason) => {
                let path = step.place().into();
                return Err(InstallError::Foreign { path, reason });
            }
        };
        changes.push((step, change));
    }
    if !dry {
        let mut new = Vec::new();
        let to_do = |change: &Change| !matches!(change, Change::Unchanged | Change::Needless);
        for (step, change) in changes.iter().filter(|(_, change)| to_do(change)) {
            if let Err(error) = put(step, plan.scope, machine) {
                for step in new.into_iter().rev() {
                    // The next call finds what could not be removed.
                    let _ = remove(step, plan.scope, machine);
                }
                return Err(error);
            }
            if *change == Change::Written {
                new.push(step);
            }
        }
    }
    Ok(changes)
}

/// Removes what any version of [`carry_out`] put in place; with `dry`, only says what that would remove.
pub fn undo<'a>(plan: &'a Plan, machine: &Machine<'_>, dry: bool) -> Result<Vec<(&'a Step, Change)>, InstallError> {
    let mut changes = Vec::new();
    for step in plan.steps.iter().rev() {
        let change = match standing(step, plan.scope, machine)? {
            Standing::Absent | Standing::Needless => Change::Absent,
            Standing::Current | Standing::Outdated(_) => Change::Removed,
            Standing::Foreign(reason) => Change::Left(reason),
        };
        if change == Change::Removed && !dry {
            remove(step, plan.scope, machine)?;
        }
        changes.push((step, change));
    }
    Ok(changes)
}

impl Step {
    /// The file or key, for people.
    pub fn place(&self) -> String {
        match self {
            Self::HostManifest { path, .. } | Self::Extension { path, .. } | Self::File { path, .. } => {
                path.display().to_string()
            }
            Self::ListEntry { parameter, entry } => format!("{entry} in {parameter} of Postfix's main.cf"),
            Self::RegistryKey { key, .. } => key.clone(),
        }
    }
}

fn standing(step: &Step, scope: Scope, machine: &Machine<'_>) -> Result<Standing, InstallError> {
    match step {
        Step::HostManifest { path, text } => Ok(match read(path, scope)? {
            None => Standing::Absent,
            Some(found) if found == text.as_bytes() => Standing::Current,
            Some(found) => standing_of_manifest(&found, text),
        }),
        Step::Extension { path, bytes } => Ok(match read(path, scope)? {
            None => Standing::Absent,
            Some(found) if found == *bytes => Standing::Current,
            Some(_) => Standing::Outdated("it was the extension of another version".to_owned()),
        }),
        Step::File { path, text, owner } => Ok(match read(path, scope)? {
            None => Standing::Absent,
            Some(found) => standing_of_file(path, &found, text, owner.as_ref()),
        }),
        Step::ListEntry { parameter, entry } => {
            let list = machine.main_cf.value(parameter).map_err(InstallError::main_cf)?;
            Ok(if main_cf::contains(&list, entry) {
                Standing::Current
            } else if list.is_empty() && parameter == UNCHECKED {
                Standing::Needless
            } else {
                Standing::Absent
            })
        }
        Step::RegistryKey { key, manifest } => {
            let failed = |error| registry_error(key, scope, error);
            Ok(match machine.registry.value(key).map_err(failed)? {
                None => Standing::Absent,
                Some(value) if value == *manifest => Standing::Current,
                Some(_) => Standing::Outdated("it led to another manifest".to_owned()),
            })
        }
    }
}

fn standing_of_manifest(found: &[u8], wanted: &str) -> Standing {
    let wanted = host_manifest::program_of_ours(wanted.as_bytes());
    match host_manifest::program_of_ours(found) {
        None => Standing::Foreign("it is not a host manifest for MISPigeon's extension".to_owned()),
        found if found == wanted => Standing::Outdated("it was of another version".to_owned()),
        Some(program) => Standing::Outdated(format!("it named {}", program.display())),
    }
}

fn standing_of_file(path: &Path, found: &[u8], wanted: &Signed, owner: Option<&Owner>) -> Standing {
    let is_same = found == wanted.as_str().as_bytes();
    match signature(found) {
        Signature::None => Standing::Foreign("it was not written by `mispigeon install`".to_owned()),
        Signature::Broken => Standing::Foreign("it was changed after `mispigeon install` had written it".to_owned()),
        Signature::Whole if !is_same => Standing::Outdated("it was of another version or different".to_owned()),
        Signature::Whole if !belongs_to(path, owner) => Standing::Outdated("it belonged to another user".to_owned()),
        Signature::Whole => Standing::Current,
    }
}

fn read(path: &Path, scope: Scope) -> Result<Option<Vec<u8>>, InstallError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(InstallError::file(path, scope, error)),
    }
}

fn put(step: &Step, scope: Scope, machine: &Machine<'_>) -> Result<(), InstallError> {
    match step {
        Step::HostManifest { path, text } => write(path, text.as_bytes(), None, scope),
        Step::Extension { path, bytes } => write(path, bytes, None, scope),
        Step::File { path, text, owner } => write(path, text.as_str().as_bytes(), owner.as_ref(), scope),
        Step::ListEntry { parameter, entry } => {
            let list = machine.main_cf.value(parameter).map_err(InstallError::main_cf)?;
            let is_named = machine.main_cf.names(parameter).map_err(InstallError::main_cf)?;
            let longer = main_cf::with(&list, entry, is_named);
            machine.main_cf.set(parameter, &longer).map_err(InstallError::main_cf)
        }
        Step::RegistryKey { key, manifest } => machine
            .registry
            .set(key, manifest)
            .map_err(|error| registry_error(key, scope, error)),
    }
}

fn remove(step: &Step, scope: Scope, machine: &Machine<'_>) -> Result<(), InstallError> {
    match step {
        Step::HostManifest { path, .. } | Step::Extension { path, .. } | Step::File { path, .. } => {
            fs::remove_file(path).map_err(|error| InstallError::file(path, scope, error))
        }
        Step::ListEntry { parameter, entry } => {
            let list = machine.main_cf.value(parameter).map_err(InstallError::main_cf)?;
            let default = machine.main_cf.default(parameter).map_err(InstallError::main_cf)?;
            match main_cf::without(&list, entry, &default) {
                Some(rest) => machine.main_cf.set(parameter, &rest),
                None => machine.main_cf.unset(parameter),
            }
            .map_err(InstallError::main_cf)
        }
        Step::RegistryKey { key, .. } => machine
            .registry
            .remove(key)
            .map_err(|error| registry_error(key, scope, error)),
    }
}

fn registry_error(key: &str, scope: Scope, source: io::Error) -> InstallError {
    InstallError::Registry {
        key: key.to_owned(),
        scope,
        source,
    }
}

/// Writes a file that everybody can read. It gets its name when it is complete.
fn write(path: &Path, bytes: &[u8], owner: Option<&Owner>, scope: Scope) -> Result<(), InstallError> {
    let folder = path.parent().unwrap_or(path);
    make_folders(folder, scope)?;
    let failed = |error| InstallError::file(path, scope, error);
    let mut file = beside(path).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    open_to_readers(file.path(), 0o644).map_err(failed)?;
    give_to(file.path(), owner).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Makes the missing folders. With [`Scope::System`] all users can read them, whatever the umask; with [`Scope::User`]
/// the umask counts.
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

/// On Windows a file inherits the rights of its folder.
#[cfg(not(unix))]
fn open_to_readers(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn give_to(path: &Path, owner: Option<&Owner>) -> io::Result<()> {
    owner.map_or(Ok(()), |owner| {
        std::os::unix::fs::chown(path, Some(owner.uid), Some(owner.gid))
    })
}

#[cfg(unix)]
fn belongs_to(path: &Path, owner: Option<&Owner>) -> bool {
    use std::os::unix::fs::MetadataExt;
    owner.is_none_or(|owner| fs::metadata(path).is_ok_and(|found| (found.uid(), found.gid()) == (owner.uid, owner.gid)))
}

/// On Windows every file belongs to the user who installs.
#[cfg(not(unix))]
fn give_to(_: &Path, _: Option<&Owner>) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn belongs_to(_: &Path, _: Option<&Owner>) -> bool {
    true
}
