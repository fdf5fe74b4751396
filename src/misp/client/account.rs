//! Questions to a MISP server about itself and the user that the key belongs to.

use std::fmt;

use reqwest::Method;
use serde::Deserialize;

use super::wire::truth;
use super::{MispClient, Result};

/// The user that the key belongs to.
#[derive(Clone, Debug)]
pub struct Me {
    /// Its e-mail address, which is its name.
    pub email: String,
    /// Name of its organisation.
    pub organisation: String,
    /// What it may do.
    pub role: Role,
}

/// What a role may do.
#[derive(Clone, Debug, Default, Deserialize)]
#[allow(missing_docs, clippy::struct_excessive_bools)]
pub struct Role {
    #[serde(default)]
    pub name: String,
    #[serde(default, deserialize_with = "truth")]
    pub perm_add: bool,
    #[serde(default, deserialize_with = "truth")]
    pub perm_modify: bool,
    #[serde(default, deserialize_with = "truth")]
    pub perm_publish: bool,
    #[serde(default, deserialize_with = "truth")]
    pub perm_tagger: bool,
    #[serde(default, deserialize_with = "truth")]
    pub perm_tag_editor: bool,
    #[serde(default, deserialize_with = "truth")]
    pub perm_sighting: bool,
    #[serde(default, deserialize_with = "truth")]
    pub perm_site_admin: bool,
}

/// What a connection test found; its `Display` is for people.
#[derive(Clone, Debug)]
pub struct Connection {
    /// MISP's version.
    pub version: String,
    /// The server's clock, seconds since 1970, as it says with its answers.
    pub time: Option<i64>,
    /// The user.
    pub me: Me,
    /// The dangerous setting, if any.
    pub warning: Option<String>,
}

impl fmt::Display for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Me {
            email,
            organisation,
            role,
        } = &self.me;
        write!(
            f,
            "MISP {}, user {email} of {organisation}, role {}",
            self.version, role.name
        )?;
        let lacks = [
            (role.perm_add, "make events"),
            (role.perm_publish, "publish"),
            (role.perm_tagger, "tag"),
            (role.perm_tag_editor, "create tags that the server does not have"),
            (role.perm_sighting, "add sightings"),
        ];
        let lacks: Vec<_> = lacks.iter().filter(|(may, _)| !may).map(|(_, what)| *what).collect();
        if !lacks.is_empty() {
            write!(f, "; may not {}", lacks.join(", "))?;
        }
        self.warning.iter().try_for_each(|warning| write!(f, "; {warning}"))
    }
}

#[derive(Deserialize)]
struct Version {
    version: String,
}

#[derive(Deserialize)]
struct Account {
    #[serde(rename = "User")]
    user: User,
    #[serde(rename = "Role", default)]
    role: Role,
    #[serde(rename = "Organisation")]
    organisation: Option<super::wire::Named>,
}

#[derive(Deserialize)]
struct User {
    email: String,
}

impl MispClient {
    /// MISP's version.
    pub fn version(&self) -> Result<String> {
        Ok(self.version_and_time()?.0)
    }

    fn version_and_time(&self) -> Result<(String, Option<i64>)> {
        let (version, time): (Version, _) = self.call_with_time(&Method::GET, "/servers/getVersion")?;
        Ok((version.version, time))
    }

    /// The user that the key belongs to.
    pub fn me(&self) -> Result<Me> {
        let account: Account = self.call(&Method::GET, "/users/view/me", None::<&()>)?;
        let organisation = account
            .organisation
            .map_or_else(String::new, |organisation| organisation.name);
        Ok(Me {
            email: account.user.email,
            organisation,
            role: account.role,
        })
    }

    /// Can we talk to it, and what may we do there?
    pub fn test_connection(&self) -> Result<Connection> {
        let (version, time) = self.version_and_time()?;
        Ok(Connection {
            version,
            time,
            me: self.me()?,
            warning: self.warning(),
        })
    }
}
