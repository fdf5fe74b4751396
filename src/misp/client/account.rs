//! Requests about the server itself and the user that the key belongs to.

use std::fmt;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::Method;
use reqwest::blocking::Response;
use reqwest::header::DATE;
use serde::Deserialize;

use super::wire::{text, truth};
use super::{MispClient, Result};
use crate::domain::Note;

/// The oldest MISP that this program was tested with.
const TESTED: (u32, u32) = (2, 5);

/// The user that the API key belongs to.
#[derive(Clone, Debug)]
pub struct Me {
    /// MISP users have no other name.
    pub email: String,
    pub organisation: String,
    /// Its number on the server.
    pub organisation_id: String,
    pub role: Role,
}

/// What the user's role permits.
#[derive(Clone, Debug, Default, Deserialize)]
#[allow(clippy::struct_excessive_bools)]
pub struct Role {
    #[serde(default)]
    pub name: String,
    #[serde(default, deserialize_with = "truth")]
    pub perm_add: bool,
    #[serde(default, deserialize_with = "truth")]
    pub perm_modify: bool,
    #[serde(default, deserialize_with = "truth")]
    pub perm_modify_org: bool,
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

impl Me {
    /// Whether the user may add to an event of that organisation. A role may be limited to the user's own events, which a
    /// list of events does not tell.
    pub fn may_change(&self, organisation_id: &str) -> bool {
        let Role {
            perm_site_admin,
            perm_modify,
            perm_modify_org,
            ..
        } = self.role;
        perm_site_admin || ((perm_modify || perm_modify_org) && self.organisation_id == organisation_id)
    }
}

/// The result of a connection test. `Display` writes it for people.
#[derive(Clone, Debug)]
pub struct Connection {
    pub version: String,
    pub me: Me,
    pub warning: Option<Note>,
    /// Seconds by which the server's clock is ahead of ours, negative if behind; `None` if the answer has no date.
    pub ahead: Option<i64>,
}

impl Connection {
    pub fn is_old(&self) -> bool {
        is_older(&self.version)
    }
}

fn is_older(version: &str) -> bool {
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().ok());
    match (numbers.next().flatten(), numbers.next().flatten()) {
        (Some(major), Some(minor)) => (major, minor) < TESTED,
        _ => false,
    }
}

impl fmt::Display for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Me {
            email,
            organisation,
            role,
            ..
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
    #[serde(default, deserialize_with = "text")]
    org_id: String,
}

#[derive(Deserialize)]
struct KeyRow {
    #[serde(rename = "AuthKey")]
    key: AuthKey,
}

#[derive(Deserialize)]
struct AuthKey {
    #[serde(deserialize_with = "text")]
    id: String,
    #[serde(default)]
    authkey_start: String,
    #[serde(default)]
    authkey_end: String,
    #[serde(default, deserialize_with = "truth")]
    read_only: bool,
}

impl MispClient {
    pub fn version(&self) -> Result<String> {
        self.greet().map(|(version, _)| version)
    }

    /// MISP's version, and the seconds by which its clock is ahead of ours.
    fn greet(&self) -> Result<(String, Option<i64>)> {
        let before = Timestamp::now().as_second();
        let response = self.send(&Method::GET, "/servers/getVersion", None::<&()>)?;
        let after = Timestamp::now().as_second();
        let ahead = date_of(&response).map(|said| ahead_of(before, after, said));
        let version: Version = self.parse(response)?;
        Ok((version.version, ahead))
    }

    pub fn me(&self) -> Result<Me> {
        let account: Account = self.call(&Method::GET, "/users/view/me", None::<&()>)?;
        let organisation = account
            .organisation
            .map_or_else(String::new, |organisation| organisation.name);
        Ok(Me {
            email: account.user.email,
            organisation,
            organisation_id: account.user.org_id,
            role: account.role,
        })
    }

    /// Whether the key may only read, although the role of its user may do more. `GET /auth_keys/index` finds the key by
    /// its ends, `GET /auth_keys/view` tells. `None` if the server does not know or say.
    pub fn key_is_read_only(&self) -> Result<Option<bool>> {
        let key = self.settings.key.expose().trim();
        let is_ours = |row: &KeyRow| {
            let ends = [&row.key.authkey_start, &row.key.authkey_end];
            ends.iter().all(|end| !end.is_empty())
                && key.starts_with(&*row.key.authkey_start)
                && key.ends_with(&*row.key.authkey_end)
        };
        let rows: Vec<KeyRow> = self.call(&Method::GET, "/auth_keys/index", None::<&()>)?;
        let ours: Vec<KeyRow> = rows.into_iter().filter(is_ours).collect();
        let [row] = ours.as_slice() else { return Ok(None) };
        let path = format!("/auth_keys/view/{}", row.key.id);
        let row: KeyRow = self.call(&Method::GET, &path, None::<&()>)?;
        Ok(Some(row.key.read_only))
    }

    /// Asks for version, clock and role.
    pub fn test_connection(&self) -> Result<Connection> {
        let (version, ahead) = self.greet()?;
        Ok(Connection {
            version,
            me: self.me()?,
            warning: self.warning(),
            ahead,
        })
    }
}

/// When the server answered by its own clock, in seconds since 1970.
pub(super) fn date_of(response: &Response) -> Option<i64> {
    parse_date(response.headers().get(DATE)?.to_str().ok()?)
}

fn parse_date(date: &str) -> Option<i64> {
    Some(DateTimeParser::new().parse_timestamp(date).ok()?.as_second())
}

/// How many seconds `said`, which the server wrote between two moments of ours, lies outside of them. All are in
/// seconds since 1970.
const fn ahead_of(before: i64, after: i64, said: i64) -> i64 {
    if said < before {
        said - before
    } else if said > after {
        said - after
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::{ahead_of, is_older, parse_date};

    #[test]
    fn only_versions_before_the_tested_one_are_old() {
        for (version, expected) in [
            ("2.4.190", true),
            ("2.5.1", false),
            ("2.10.0", false),
            ("3.0", false),
            ("x", false),
        ] {
            assert_eq!(is_older(version), expected, "{version}");
        }
    }

    #[test]
    fn a_clock_is_off_only_by_what_the_way_does_not_explain() {
        let said = 1_795_425_347;
        let date = "Mon, 23 Nov 2026 09:15:47 GMT";
        for (before, after, expected) in [
            (said, said, Some(0)),
            (said - 20, said + 20, Some(0)),
            (said + 90, said + 95, Some(-90)),
            (said - 95, said - 90, Some(90)),
        ] {
            assert_eq!(parse_date(date).map(|said| ahead_of(before, after, said)), expected);
        }
        assert_eq!(parse_date("yesterday"), None);
    }
}
