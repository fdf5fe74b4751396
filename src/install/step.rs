//! The parts of a plan: what has to be in place, and the texts for the person.

use std::path::PathBuf;

use super::{Owner, Signed};

/// Who can use the installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The user who runs the program.
    User,
    /// Everybody on this machine. Needs the rights of an administrator.
    System,
}

/// One thing that has to be in place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The native messaging host manifest.
    HostManifest { path: PathBuf, text: String },
    /// An extension for Thunderbird. Its id or name is the name of the file.
    Extension { path: PathBuf, bytes: &'static [u8] },
    /// A text file whose first line says who wrote it.
    File {
        path: PathBuf,
        text: Signed,
        /// `None` for the user who installs.
        owner: Option<Owner>,
    },
    /// An entry of a list in Postfix's main.cf.
    ListEntry {
        /// The parameter whose value is the list.
        parameter: String,
        entry: String,
    },
    /// Only on Windows: the registry key whose default value is the path of the host manifest.
    RegistryKey { key: String, manifest: PathBuf },
}

/// Everything for one scope, and the texts for the person.
#[derive(Clone, Debug)]
pub struct Plan {
    pub scope: Scope,
    /// In the order of installing. Undone in reverse order.
    pub steps: Vec<Step>,
    /// What may go wrong on this machine even if every step succeeds.
    pub warnings: Vec<String>,
    /// What the person does after installing.
    pub after_install: String,
    /// What the person does after removing.
    pub after_uninstall: String,
}
