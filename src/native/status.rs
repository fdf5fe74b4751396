//! `status`: what is configured and what waits.

use serde_json::{Value, json};

use super::fault::Fault;
use super::protocol::Profile;
use super::session::{self, Host};
use super::workers::Task;
use crate::config::{Config, Note, Settings};
use crate::domain::Target;
use crate::outbox::Outbox;

/// Answers `status`. A configuration that cannot be used is part of the answer.
pub fn status(host: &Host, params: Value, _: &Task<'_>) -> Result<Value, Fault> {
    let Profile { profile } = session::read(params)?;
    let loaded = Config::load(host.config.as_deref());
    let built = loaded.as_ref().map_err(ToString::to_string).and_then(|config| {
        config.check().map_err(|error| error.to_string())?;
        config.profile(profile.as_deref()).map_err(|error| error.to_string())
    });
    let unread = Config::without_file(host.config.as_deref());
    let (settings, error) = match built {
        Ok(settings) => (settings, None),
        Err(error) => (unread.profile(None).unwrap_or_default(), Some(error)),
    };
    let notes = if error.is_none() { settings.notes() } else { Vec::new() };
    let config = loaded.as_ref().unwrap_or(&unread);
    let file = config.place();
    Ok(json!({
        "host": env!("CARGO_PKG_VERSION"),
        "config": {
            "file": file.as_ref().map(|file| file.display().to_string()),
            "exists": file.as_ref().is_some_and(|file| file.exists()),
            "error": error,
        },
        "destination": destination(&settings),
        "key_set": settings.misp.key_source().is_some(),
        "profiles": config.profiles().collect::<Vec<_>>(),
        "defaults": {
            "mode": settings.mail.mode.name(),
            "tlp": settings.tlp.default.tag(),
            "distribution": settings.event.distribution,
        },
        "outbox": backlog(&settings)?,
        "notes": notes.iter().map(Note::kind).collect::<Vec<_>>(),
    }))
}

/// Where events go.
pub fn destination(settings: &Settings) -> Value {
    match (settings.destination, &settings.misp.url) {
        (Target::Misp, Some(url)) => json!({"target": "misp", "url": url.to_string()}),
        _ => json!({"target": "feed", "folder": settings.paths.feed.display().to_string()}),
    }
}

/// How many mails wait and how many failed. Asking makes no database.
pub fn backlog(settings: &Settings) -> Result<Value, Fault> {
    let path = &settings.paths.state_db;
    let (pending, failed) = if path.exists() {
        Outbox::open(path)?.backlog()?
    } else {
        (0, 0)
    };
    Ok(json!({"pending": pending, "failed": failed}))
}
