//! What has to be where for a mail program to find this one. Pure: [`Platform`](super::Platform) in, [`Plan`] out; one module each plans
//! for Thunderbird, Apple Mail and systemd.

use std::borrow::Cow;
use std::path::PathBuf;

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
    /// A file whose name says that it is ours.
    File {
        /// The file.
        path: PathBuf,
        /// What is in it.
        bytes: Cow<'static, [u8]>,
    },
    /// A text that people may change; sealed by [`seal`](super::seal::seal), it tells whether they have.
    Text {
        /// The file.
        path: PathBuf,
        /// What is in it, with its seal.
        text: String,
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
