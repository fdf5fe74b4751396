//! Tables for Postfix that say which mails it hands to us, and the entries of main.cf that lead to them.
//!
//! A pipe is an alias: the address becomes one of this machine's, and Postfix's `local` starts the program for each mail, as
//! the user that the table belongs to. LMTP is a transport. In both a table of ours is put before those that are there, so that
//! no table of anybody else's is changed. `texthash` tables are read as they are; there is nothing to compile.

use std::convert::Infallible;
use std::path::Path;
use std::str::FromStr;

mod table;

pub(super) use table::plain;
use table::{aliases, transport};

use super::{InstallError, Owner, Plan, Platform, Scope, Signed, Step, System, advice};
use crate::listen::Address;

/// The table of aliases, and the parameters that lead to it.
const ALIASES: &str = "mispigeon-aliases";
const OF_ALIASES: &[&str] = &["alias_maps"];

/// The table of transports, and the parameters that lead to it: Postfix is to know the addresses, too.
const TRANSPORT: &str = "mispigeon-transport";
const OF_TRANSPORT: &[&str] = &["transport_maps", "local_recipient_maps"];

/// How mails are handed over.
#[derive(Clone, Debug)]
pub enum HandOver {
    /// By starting the program for each mail.
    Pipe {
        /// As whom.
        user: Owner,
        /// The configuration.
        config: String,
        /// The data folder.
        data: String,
    },
    /// To `mispigeon listen --lmtp`.
    Lmtp {
        /// Where that listens.
        at: Address,
    },
}

/// Whose mails are handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The address, as Postfix knows it.
    pub address: String,
    /// The profile of the configuration that the mails are for.
    pub profile: Option<String>,
}

impl FromStr for Recipient {
    type Err = Infallible;

    /// Reads `ADDRESS` or `ADDRESS=PROFILE`.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        let (address, profile) = match text.split_once('=') {
            Some((address, profile)) => (address, Some(profile.to_owned())),
            None => (text, None),
        };
        let address = address.to_owned();
        Ok(Self { address, profile })
    }
}

impl Plan {
    /// Plans for the Postfix whose configuration is in `folder`: mails to `addresses` are handed over.
    pub fn postfix(
        platform: &Platform,
        folder: &Path,
        hand_over: &HandOver,
        recipients: &[Recipient],
    ) -> Result<Self, InstallError> {
        let (name, parameters, lines, owner) = match hand_over {
            HandOver::Pipe { user, config, data } => {
                let lines = aliases(platform.plain_binary()?, user, config, data, recipients)?;
                (ALIASES, OF_ALIASES, lines, Some(user.clone()))
            }
            HandOver::Lmtp { at } => (TRANSPORT, OF_TRANSPORT, transport(at, recipients)?, None),
        };
        let mut steps = vec![Step::File {
            path: System::Linux.below(folder, &[name]),
            text: Signed::new("#", &lines),
            owner,
        }];
        steps.extend(entries(folder, name, parameters));
        Ok(Self {
            steps,
            warnings: match hand_over {
                HandOver::Pipe { .. } => advice::warnings_of_program(platform, Scope::System),
                HandOver::Lmtp { .. } => Vec::new(),
            },
            after_install: advice::after_postfix(hand_over),
            ..Self::postfix_removal(folder)
        })
    }

    /// Plans what [`undo`](super::undo) takes out of the Postfix whose configuration is in `folder`, whichever way mails were
    /// handed over.
    pub fn postfix_removal(folder: &Path) -> Self {
        let tables = [(ALIASES, OF_ALIASES), (TRANSPORT, OF_TRANSPORT)];
        let steps = tables.into_iter().flat_map(|(name, parameters)| {
            let file = Step::File {
                path: System::Linux.below(folder, &[name]),
                text: Signed::new("#", ""),
                owner: None,
            };
            std::iter::once(file).chain(entries(folder, name, parameters))
        });
        Self {
            scope: Scope::System,
            steps: steps.collect(),
            warnings: Vec::new(),
            after_install: String::new(),
            after_uninstall: advice::without_postfix(),
        }
    }
}

fn entries(folder: &Path, name: &str, parameters: &[&str]) -> Vec<Step> {
    let path = System::Linux.below(folder, &[name]);
    let entry = |parameter: &&str| Step::ListEntry {
        parameter: (*parameter).to_owned(),
        entry: format!("texthash:{}", path.display()),
    };
    parameters.iter().map(entry).collect()
}

#[cfg(test)]
#[path = "postfix_tests.rs"]
mod tests;
