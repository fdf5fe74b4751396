//! `connection.test`: can we talk to the server, and what may we do there?

use serde_json::{Value, json};

use super::fault::Fault;
use super::protocol::Trial;
use super::session::{self, Host};
use super::text;
use super::workers::Task;
use crate::config::{Config, Settings};
use crate::domain::{Problem, Said};
use crate::misp::client::{Connection, ErrorKind, MispClient};

/// Answers `connection.test`.
pub fn test(host: &Host, params: Value, task: &Task<'_>) -> Result<Value, Fault> {
    let Trial { profile, changes } = session::read(params)?;
    task.check()?;
    let config = Config::load(host.config.as_deref())?;
    let config = if changes.is_empty() {
        config
    } else {
        config.with_changes(profile.as_deref(), &changes)?.0
    };
    let settings = config.profile(profile.as_deref())?;
    if settings.misp.url.is_none() {
        return Ok(problem("no_server", Problem::NoServer));
    }
    if settings.misp.key_source().is_none() {
        return Ok(problem("no_key", Problem::NoKey));
    }
    task.progress("asking", 0, 1);
    let misp = match settings.misp_settings() {
        Ok(misp) => misp,
        Err(error) => return Ok(problem("settings", &error)),
    };
    let key = misp.key.clone();
    let client = match MispClient::new(misp) {
        Ok(client) => client,
        Err(error) => return Ok(problem("address", &error)),
    };
    let mut answer = match client.test_connection() {
        Ok(connection) => fine(&connection, &settings),
        Err(error) => problem(name_of(error.kind), &error),
    };
    text::hide(&mut answer, &key);
    text::shorten(&mut answer);
    Ok(answer)
}

fn fine(connection: &Connection, settings: &Settings) -> Value {
    let role = &connection.me.role;
    let abilities = [
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
    let named = |list: &[(&'static str, bool)], wanted: bool| -> Vec<&'static str> {
        list.iter()
            .filter(|(_, is)| *is == wanted)
            .map(|(name, _)| *name)
            .collect()
    };
    json!({
        "ok": true,
        "version": connection.version,
        "user": connection.me.email,
        "organisation": connection.me.organisation,
        "role": role.name,
        "lacks": named(&abilities, false),
        "warnings": named(&warnings, true),
    })
}

fn problem(name: &str, reason: impl Into<Said>) -> Value {
    json!({"ok": false, "problem": name, "reason": reason.into()})
}

fn name_of(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Settings => "settings",
        ErrorKind::Unreachable => "unreachable",
        ErrorKind::Untrusted => "tls",
        ErrorKind::TimedOut => "timeout",
        ErrorKind::Busy => "busy",
        ErrorKind::Login => "login",
        ErrorKind::Permission => "permission",
        ErrorKind::NotMisp => "not_misp",
        ErrorKind::Interrupted | ErrorKind::Exists | ErrorKind::NotFound | ErrorKind::Refused => "other",
    }
}
