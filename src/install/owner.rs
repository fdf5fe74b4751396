//! The user who gets a file. The numbers are asked of `id`, which knows every source of users.

use std::process::{Command, Stdio};

use super::InstallError;

/// A user by name and number, with the number of their group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Login name.
    pub name: String,
    /// The user's number.
    pub uid: u32,
    /// The number of the user's group.
    pub gid: u32,
}

impl Owner {
    /// Looks a user up on this machine.
    pub fn look_up(name: &str) -> Result<Self, InstallError> {
        let number = |option| {
            let asked = Command::new("id")
                .args([option, "--", name])
                .stderr(Stdio::null())
                .output()
                .ok()?;
            String::from_utf8(asked.stdout).ok()?.trim().parse().ok()
        };
        match (number("-u"), number("-g")) {
            (Some(uid), Some(gid)) => Ok(Self {
                name: name.to_owned(),
                uid,
                gid,
            }),
            _ => Err(InstallError::NoUser(name.to_owned())),
        }
    }
}
