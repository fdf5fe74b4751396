//! `connection.test`: whether the server accepts the key, and what the user may do there.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Call, Fault, Stage, object};
use crate::config::Settings;
use crate::domain::{self, Said, Secret};
use crate::misp::client::{Connection, ErrorKind, MispClient, MispError};

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Trial {
    profile: Option<String>,
    /// Dotted keys with the values to try.
    #[serde(deserialize_with = "object")]
    changes: Map<String, Value>,
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum Connected {
    Yes {
        ok: bool,
        version: String,
        user: String,
        organisation: String,
        role: String,
        lacks: Vec<&'static str>,
        warnings: Vec<&'static str>,
    },
    No {
        ok: bool,
        problem: Problem,
        reason: Said,
    },
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    NoServer,
    NoKey,
    Address,
    Unreachable,
    Tls,
    Timeout,
    Login,
    Account,
    Permission,
    NotMisp,
    Busy,
    Failed,
    Settings,
    Other,
}

pub fn test(call: &Call<'_>, Trial { profile, changes }: Trial) -> Result<Connected, Fault> {
    call.check()?;
    let config = call.config()?;
    let settings = if changes.is_empty() {
        config.profile(profile.as_deref())?
    } else {
        config
            .with_changes(profile.as_deref(), &changes)?
            .0
            .profile(profile.as_deref())?
    };
    if settings.misp.url.is_none() {
        return Ok(no(Problem::NoServer, domain::Problem::NoServer));
    }
    if settings.misp.key_source().is_none() {
        return Ok(no(Problem::NoKey, domain::Problem::NoKey));
    }
    call.progress(Stage::Asking, 0, 1);
    let misp = match settings.misp_settings() {
        Ok(misp) => misp,
        Err(error) => return Ok(no(Problem::Settings, &error)),
    };
    let key = misp.key.clone();
    let client = match MispClient::new(misp) {
        Ok(client) => client,
        Err(error) => return Ok(no(Problem::Address, &error)),
    };
    Ok(match client.test_connection() {
        Ok(connection) => {
            // A server that does not say so is not asked further.
            let is_read_only = client.key_is_read_only().ok().flatten().unwrap_or(false);
            yes(&connection, is_read_only, &settings, &key)
        }
        Err(error) => no(problem(&error), &error),
    })
}

/// The server's answers. The key is cut out, because some servers repeat it.
fn yes(connection: &Connection, is_read_only: bool, settings: &Settings, key: &Secret) -> Connected {
    let role = &connection.me.role;
    let abilities = [
        ("write", !is_read_only),
        ("add", role.perm_add),
        ("publish", role.perm_publish),
        ("tag", role.perm_tagger),
        ("create_tags", role.perm_tag_editor),
        ("sighting", role.perm_sighting),
    ];
    let is_plain = settings.misp.url.as_ref().is_some_and(|url| url.starts_with("http:"));
    let warnings = [
        ("old_version", connection.is_old()),
        ("not_verified", !settings.misp.verify && !is_plain),
        ("not_encrypted", is_plain),
    ];
    let named = |list: &[(&'static str, bool)], wanted| {
        let named = list.iter().filter(|(_, is)| *is == wanted);
        named.map(|(name, _)| *name).collect()
    };
    Connected::Yes {
        ok: true,
        version: key.hide_in(&connection.version),
        user: key.hide_in(&connection.me.email),
        organisation: key.hide_in(&connection.me.organisation),
        role: key.hide_in(&role.name),
        lacks: named(&abilities, false),
        warnings: named(&warnings, true),
    }
}

fn no(problem: Problem, reason: impl Into<Said>) -> Connected {
    Connected::No {
        ok: false,
        problem,
        reason: reason.into(),
    }
}

fn problem(error: &MispError) -> Problem {
    match error.kind {
        ErrorKind::Settings => Problem::Settings,
        ErrorKind::Unreachable => Problem::Unreachable,
        ErrorKind::Untrusted => Problem::Tls,
        ErrorKind::TimedOut => Problem::Timeout,
        ErrorKind::Busy => Problem::Busy,
        ErrorKind::Login if error.problem.code == "account_disabled" => Problem::Account,
        ErrorKind::Login => Problem::Login,
        ErrorKind::Permission => Problem::Permission,
        ErrorKind::NotMisp => Problem::NotMisp,
        ErrorKind::Interrupted => Problem::Failed,
        ErrorKind::Exists | ErrorKind::NotFound | ErrorKind::Refused => Problem::Other,
    }
}
