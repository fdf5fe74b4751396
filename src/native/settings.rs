//! `settings.*`: what the options page shows and changes. A key can be set, never read.

use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use super::fault::Fault;
use super::protocol::{Changes, Profile};
use super::session::{self, Host};
use super::workers::Task;
use crate::config::{self, Config, EditError};

impl From<EditError> for Fault {
    fn from(error: EditError) -> Self {
        let words = error.to_string();
        match error {
            EditError::Setting { key, allowed } => Self::new("setting", words).with(|data| {
                (data.key, data.allowed) = (Some(key), Some(allowed));
            }),
            EditError::Locked { key, .. } => Self::new("locked", words).with(|data| data.key = Some(key)),
            EditError::KeyNeeded => Self::new("key_needed", words),
            EditError::Config(error) => error.into(),
            EditError::NoPlace | EditError::Io { .. } => Self::new("configuration", words),
        }
    }
}

/// Answers `settings.read`.
pub fn read(host: &Host, params: Value, _: &Task<'_>) -> Result<Value, Fault> {
    let Profile { profile } = session::read(params)?;
    shown(&Config::load(host.config.as_deref())?, profile.as_deref())
}

/// One change at a time, from reading the file to writing it: of two at once, one would undo the other.
static CHANGING: Mutex<()> = Mutex::new(());

/// Answers `settings.write`.
pub fn write(host: &Host, params: Value, _: &Task<'_>) -> Result<Value, Fault> {
    let Changes { profile, changes } = session::read(params)?;
    let _changing = CHANGING.lock().unwrap_or_else(PoisonError::into_inner);
    let config = Config::load(host.config.as_deref())?;
    let (after, text) = config.with_changes(profile.as_deref(), &changes)?;
    config.write(&text)?;
    shown(&after, profile.as_deref())
}

/// Answers `settings.remove_profile`.
pub fn remove_profile(host: &Host, params: Value, _: &Task<'_>) -> Result<Value, Fault> {
    let Profile { profile } = session::read(params)?;
    let name = profile.ok_or_else(|| Fault::new("invalid", "`profile` names the profile"))?;
    let _changing = CHANGING.lock().unwrap_or_else(PoisonError::into_inner);
    let config = Config::load(host.config.as_deref())?;
    let (after, text) = config.without_profile(&name)?;
    config.write(&text)?;
    shown(&after, None)
}

fn shown(config: &Config, profile: Option<&str>) -> Result<Value, Fault> {
    let file = config.place();
    Ok(json!({
        "file": file.as_ref().map(|file| file.display().to_string()),
        "exists": file.as_ref().is_some_and(|file| file.exists()),
        "profiles": config.profiles().collect::<Vec<_>>(),
        "fields": config.fields(profile)?,
        "page": config::options_page(),
        "profile": profile,
    }))
}
