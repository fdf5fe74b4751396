//! The parts of a plan: what has to be in place, and the texts for the person. The file of each program decides what its plan
//! has.

use std::path::PathBuf;

use super::{Owner, Signed};

/// For whom to install.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// For the user who runs the program.
    User,
    /// For everybody on this machine; needs the rights of an administrator.
    System,
}

/// One thing that has to be in place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The native messaging host manifest.
    HostManifest {
        /// The file.
        path: PathBuf,
        /// What is in it.
        text: String,
    },
    /// An extension for Thunderbird. The name of the file says whose it is.
    Extension {
        /// The file.
        path: PathBuf,
        /// What is in it.
        bytes: &'static [u8],
    },
    /// A text file that says itself, in its first line, who wrote it.
    File {
        /// The file.
        path: PathBuf,
        /// What is in it.
        text: Signed,
        /// Whom it belongs to; `None` for the user who installs.
        owner: Option<Owner>,
    },
    /// An entry of a list in Postfix's main.cf.
    ListEntry {
        /// The parameter whose value the list is.
        parameter: String,
        /// The entry.
        entry: String,
    },
    /// On Windows, the key of the registry whose default value leads to the host manifest.
    RegistryKey {
        /// The key.
        key: String,
        /// The manifest.
        manifest: PathBuf,
    },
}

/// Everything for one scope, with the words that belong to it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// For whom.
    pub scope: Scope,
    /// In the order in which they are done; undone the other way round.
    pub steps: Vec<Step>,
    /// What may go wrong on this machine although every step is done.
    pub warnings: Vec<String>,
    /// What the person does after the installation.
    pub after_install: String,
    /// What the person does after everything was removed.
    pub after_uninstall: String,
}
