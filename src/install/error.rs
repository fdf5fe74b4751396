//! Errors of installing and removing, with what the person can do.

use std::io;
use std::path::{Path, PathBuf};

use super::{Scope, System};

/// Why something was not installed or removed.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// The user has no home folder.
    #[error("no home folder is known for this user; set HOME, or install for everybody with --system")]
    NoHome,
    /// The program does not know where it is.
    #[error("the place of this program is not known; start it by its full path")]
    NoBinary(#[source] io::Error),
    /// Others could not start the program by this path.
    #[error(
        "no other program can start this one by the path {0:?}: it has to be absolute and Unicode; put the program into \
         a folder such as /usr/local/bin and run it from there"
    )]
    BinaryPath(PathBuf),
    /// A profile's name cannot stand where it has to.
    #[error("the profile {profile:?} cannot stand in {place}; rename it in the configuration")]
    ProfileName {
        /// The profile.
        profile: String,
        /// Where its name would have to stand.
        place: &'static str,
    },
    /// The command is for another system.
    #[error("{program} runs on {system} only; --dry-run shows what would be installed there")]
    OtherSystem {
        /// What is connected with.
        program: &'static str,
        /// Where that runs.
        system: &'static str,
    },
    /// A path that would have to be quoted where it has to stand.
    #[error(
        "the path {path:?} cannot stand in {place}, which takes letters, digits and `/._-+@` only; move the file to such a \
         path, as /usr/local/bin is one"
    )]
    PlainPath {
        /// The path.
        path: PathBuf,
        /// Where it would have to stand.
        place: &'static str,
    },
    /// An address that cannot be handed over in this way.
    #[error("the address {address:?}: {reason}")]
    MailAddress {
        /// The address.
        address: String,
        /// What is wrong, and what to write.
        reason: &'static str,
    },
    /// Units that systemd still wants.
    #[error("nothing was removed, as units are enabled; first run `systemctl disable --now {0}`")]
    Enabled(String),
    /// Postfix's settings cannot be read or changed.
    #[error(
        "Postfix's settings cannot be read or changed by `postconf`{}",
        postconf_step(source)
    )]
    MainCf {
        /// What `postconf` said, or why it could not be asked.
        source: io::Error,
    },
    /// There is no such user.
    #[error(
        "there is no user {0:?} on this machine; make it, as `mispigeon install systemd` does, or name another one"
    )]
    NoUser(String),
    /// A file of others is in the place.
    #[error("{}: {reason}; it was left as it is, and nothing was changed; move it away and try again", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it is.
        reason: String,
    },
    /// A file or folder cannot be read, written or removed.
    #[error("{} cannot be read or changed{}", path.display(), next_step(*scope, source))]
    File {
        /// The file or folder.
        path: PathBuf,
        /// For whom the installation was.
        scope: Scope,
        /// The reason.
        source: io::Error,
    },
    /// The registry refuses.
    #[error("{key} cannot be read or changed{}", registry_step(*scope))]
    Registry {
        /// The key.
        key: String,
        /// For whom the installation was.
        scope: Scope,
        /// What the system said.
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

    /// What `postconf` said.
    pub fn main_cf(source: io::Error) -> Self {
        Self::MainCf { source }
    }
}

/// What to do about a file that cannot be written.
fn next_step(scope: Scope, error: &io::Error) -> &'static str {
    match (scope, error.kind(), System::current()) {
        (Scope::System, io::ErrorKind::PermissionDenied, System::Windows) => registry_step(scope),
        (Scope::System, io::ErrorKind::PermissionDenied, _) => "; this changes folders of all users: run it with sudo",
        (Scope::System, io::ErrorKind::ReadOnlyFilesystem, _) => {
            "; this system keeps its folders unchanged: where that can be, install for yourself, without --system"
        }
        (Scope::User, io::ErrorKind::PermissionDenied, _) => "; the folder has to belong to you: look at its owner",
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
