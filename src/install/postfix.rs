//! Postfix tables that say which mails Postfix hands to us, and the entries of main.cf that name the tables.
//!
//! A pipe is an alias: the address becomes local, and Postfix's `local` starts the program for each mail, as the owner
//! of the table. LMTP is a transport. Either way our table goes before the existing ones, so that no table of others is
//! changed. `texthash` tables need no compiling.

use std::convert::Infallible;
use std::path::Path;
use std::str::FromStr;

mod table;

pub(super) use table::plain;
use table::{aliases, transport};

use super::{InstallError, Owner, Plan, Platform, Scope, Signed, Step, System, advice};
use crate::listen::Address;

/// The table of aliases, and the parameters that name it.
const ALIASES: &str = "mispigeon-aliases";
const OF_ALIASES: &[&str] = &["alias_maps"];

/// The table of transports, and the parameters that name it. The second makes Postfix accept the addresses.
const TRANSPORT: &str = "mispigeon-transport";
const OF_TRANSPORT: &[&str] = &["transport_maps", "local_recipient_maps"];

#[derive(Clone, Debug)]
pub enum HandOver {
    /// Postfix starts the program for each mail.
    Pipe {
        /// The user who runs it.
        user: Owner,
        /// Path of the configuration.
        config: String,
        /// Path of the data folder.
        data: String,
    },
    /// Postfix connects to `mispigeon listen --lmtp`.
    Lmtp { at: Address },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// As Postfix knows it.
    pub address: String,
    /// Only with [`HandOver::Pipe`].
    pub profile: Option<String>,
}

impl FromStr for Recipient {
    type Err = Infallible;

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
    /// Plans for the Postfix whose configuration is in `folder`. It will hand over mails to `recipients`.
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

    /// Plans what [`undo`](super::undo) removes from the Postfix whose configuration is in `folder`, for both ways of
    /// handing over.
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
