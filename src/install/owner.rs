//! The user who will own a file. Asks `id` for the numbers, because it knows every source of users.

use std::process::{Command, Stdio};

use super::InstallError;
use crate::config::program::{self, PATIENCE};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Login name.
    pub name: String,
    pub uid: u32,
    /// The user's primary group.
    pub gid: u32,
}

impl Owner {
    pub fn look_up(name: &str) -> Result<Self, InstallError> {
        let number = |option| -> Result<Option<u32>, InstallError> {
            let mut command = Command::new("id");
            command.args([option, "--", name]).stderr(Stdio::null());
            let asked = program::output_of(command, PATIENCE).map_err(InstallError::NoAnswerOnUser)?;
            Ok(String::from_utf8_lossy(&asked.stdout).trim().parse().ok())
        };
        match (number("-u")?, number("-g")?) {
            (Some(uid), Some(gid)) => Ok(Self {
                name: name.to_owned(),
                uid,
                gid,
            }),
            _ => Err(InstallError::NoUser(name.to_owned())),
        }
    }
}
