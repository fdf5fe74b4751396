//! Errors of installing and removing. Each says what the person can do.

use std::io;
use std::path::{Path, PathBuf};

use super::{Scope, System};

#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    #[error("no home folder is known for this user; set HOME, or install for everybody with --system")]
    NoHome,
    #[error("the path of this program is not known; start it by its full path")]
    NoBinary(#[source] io::Error),
    /// Other programs could not start this one by its path.
    #[error(
        "no other program can start this one by the path {0:?}: it has to be absolute and Unicode; put the program into \
         a folder such as /usr/local/bin and run it from there"
    )]
    BinaryPath(PathBuf),
    /// The profile's name cannot be written in `place`.
    #[error("the profile {profile:?} cannot stand in {place}; rename it in the configuration")]
    ProfileName {
        profile: String,
        /// For people, such as "a command of Postfix".
        place: &'static str,
    },
    #[error("{program} runs on {system} only; --dry-run shows what would be installed there")]
    OtherSystem {
        program: &'static str,
        /// The system that the command is for.
        system: &'static str,
    },
    /// `place` would need quotes around the path.
    #[error(
        "the path {path:?} cannot stand in {place}, which takes letters, digits and `/._-+@` only; move the file to a path \
         such as /usr/local/bin"
    )]
    PlainPath {
        path: PathBuf,
        /// For people, such as "a unit of systemd".
        place: &'static str,
    },
    #[error("the address {address:?}: {reason}")]
    MailAddress {
        address: String,
        /// What is wrong, and what to write instead.
        reason: &'static str,
    },
    /// The names of enabled units, with blanks between.
    #[error("nothing was removed, as units are enabled; first run `systemctl disable --now {0}`")]
    Enabled(String),
    #[error(
        "Postfix's settings cannot be read or changed by `postconf`{}",
        postconf_step(source)
    )]
    MainCf {
        /// The output of `postconf`, or why it did not start.
        source: io::Error,
    },
    #[error(
        "there is no user {0:?} on this machine; make it, as `mispigeon install systemd` does, or name another one"
    )]
    NoUser(String),
    #[error("who the user is cannot be asked of `id`: {0}")]
    NoAnswerOnUser(#[source] io::Error),
    /// A file of others is in the place of ours.
    #[error("{}: {reason}; nothing was changed; move it away and try again", path.display())]
    Foreign {
        path: PathBuf,
        /// What the file is.
        reason: String,
    },
    #[error("{} cannot be read or changed{}", path.display(), next_step(*scope, source))]
    File {
        path: PathBuf,
        scope: Scope,
        source: io::Error,
    },
    #[error("{key} cannot be read or changed{}", registry_step(*scope))]
    Registry {
        key: String,
        scope: Scope,
        source: io::Error,
    },
}

impl InstallError {
    pub(super) fn file(path: &Path, scope: Scope, source: io::Error) -> Self {
        Self::File {
            path: path.to_owned(),
            scope,
            source,
        }
    }

    pub fn main_cf(source: io::Error) -> Self {
        Self::MainCf { source }
    }
}

/// What to do if a file cannot be written.
fn next_step(scope: Scope, error: &io::Error) -> &'static str {
    match (scope, error.kind(), System::current()) {
        (Scope::System, io::ErrorKind::PermissionDenied, System::Windows) => registry_step(scope),
        (Scope::System, io::ErrorKind::PermissionDenied, _) => "; this changes folders of all users: run it with sudo",
        (Scope::System, io::ErrorKind::ReadOnlyFilesystem, _) => {
            "; this system does not allow changes to its folders: install for yourself, without --system"
        }
        (Scope::User, io::ErrorKind::PermissionDenied, _) => "; the folder must belong to you: check its owner",
        _ => "",
    }
}

fn registry_step(scope: Scope) -> &'static str {
    match scope {
        Scope::User => "",
        Scope::System => {
            "; --system needs the rights of an administrator: run it in a terminal opened as administrator"
        }
    }
}

fn postconf_step(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "; install Postfix first",
        _ => "; is this run as root?",
    }
}
