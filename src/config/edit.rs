//! Changes the configuration file for a form. Changes are checked like the file. All of them are made or none, and the
//! person's comments and order stay.
//!
//! A form is trusted less than the person who edits the file. It changes only what the declaration of a setting allows
//! it to change, and cannot send a stored key to another server.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json};
use toml_edit::{DocumentMut, Item, Table};

use super::error::ConfigError;
use super::schema;
use super::value::{Origin, Value};
use super::{Config, KEYS, Settings, render_sample, text, write_private};

/// Why a change was refused. The configuration did not change.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    #[error("`{key}` cannot have this value; allowed: {allowed}")]
    Setting {
        key: String,
        /// What is allowed, in words.
        allowed: String,
    },
    /// The environment overrides the file.
    #[error("`{key}` is set by {variable} in the environment; change it there")]
    Locked { key: String, variable: &'static str },
    /// The address names another server, which needs its own key.
    #[error("the server's address changed: enter the API key of the new server, too")]
    KeyNeeded,
    /// The file has a fault, or would get one.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// This system has no folder for configurations.
    #[error("this system names no folder for configuration; name the file with MISPIGEON_CONFIG")]
    NoPlace,
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
}

impl Config {
    /// The file that changes go to.
    pub fn place(&self) -> Option<PathBuf> {
        self.file.clone().or_else(Self::default_file)
    }

    /// The configuration with changes to a profile or the top level, and the new text of its file. Null removes a
    /// setting.
    pub fn with_changes(
        &self,
        profile: Option<&str>,
        changes: &Map<String, Json>,
    ) -> Result<(Self, String), EditError> {
        let before = match profile {
            Some(name) if !self.layers.profiles.contains_key(name) => self.profile(None)?,
            named => self.profile(named)?,
        };
        let (path, mut document) = self.document()?;
        let table = match profile {
            Some(name) => sub_table(document.as_table_mut(), "profile").and_then(|profiles| sub_table(profiles, name)),
            None => Some(document.as_table_mut()),
        };
        if let Some(table) = table {
            // Write the profile's table even if it sets nothing.
            table.set_implicit(false);
            for (key, value) in changes {
                apply(table, key, value, &before)?;
            }
        }
        let text = document.to_string();
        let after = self.checked(&path, &text)?;
        self.refuse_foreign_keys(&after, profile, changes)?;
        Ok((after, text))
    }

    /// Refuses to send a stored key to another server than the one it was given for. This includes profiles that
    /// inherit their address from the top level.
    fn refuse_foreign_keys(
        &self,
        after: &Self,
        edited: Option<&str>,
        changes: &Map<String, Json>,
    ) -> Result<(), EditError> {
        let gives_key = changes.get("misp.key").is_some_and(|key| !key.is_null());
        for name in std::iter::once(None).chain(after.profiles().map(Some)) {
            let has_own = name.is_some_and(|name| after.has_key(name));
            // A new key belongs to the edited layer and to the profiles that inherit it.
            if gives_key && (name == edited || (edited.is_none() && !has_own)) {
                continue;
            }
            let settings = after.profile(name)?;
            let known = name.is_none_or(|name| self.layers.profiles.contains_key(name));
            let before = self.profile(name.filter(|_| known))?;
            let server = server_of(&settings);
            if settings.misp.key_source().is_some() && server.is_some() && server != server_of(&before) {
                return Err(EditError::KeyNeeded);
            }
        }
        Ok(())
    }

    fn has_key(&self, profile: &str) -> bool {
        let layer = self.layers.profiles.get(profile);
        layer.is_some_and(|layer| KEYS.iter().any(|key| layer.contains_key(key)))
    }

    /// The configuration without a profile, and the new text of its file.
    pub fn without_profile(&self, name: &str) -> Result<(Self, String), EditError> {
        self.profile(Some(name))?;
        let (path, mut document) = self.document()?;
        if let Some(profiles) = sub_table(document.as_table_mut(), "profile") {
            profiles.remove(name);
        }
        let text = document.to_string();
        Ok((self.checked(&path, &text)?, text))
    }

    /// Writes the text of [`Config::with_changes`], completely or not at all. Only the owner can read it.
    pub fn write(&self, text: &str) -> Result<(), EditError> {
        let path = self.place().ok_or(EditError::NoPlace)?;
        write_private(&path, text).map_err(|source| EditError::Io { path, source })
    }

    fn document(&self) -> Result<(PathBuf, DocumentMut), EditError> {
        let path = self.place().ok_or(EditError::NoPlace)?;
        let text = match text::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => render_sample(),
            Err(source) => return Err(EditError::Io { path, source }),
        };
        let document = text.parse::<DocumentMut>().map_err(|error| ConfigError::Syntax {
            path: path.clone(),
            line: 1,
            message: error.message().to_owned(),
        })?;
        Ok((path, document))
    }

    fn checked(&self, path: &Path, text: &str) -> Result<Self, EditError> {
        let mut config = Self::parse(path, text)?;
        config.environment.clone_from(&self.environment);
        config.check()?;
        Ok(config)
    }
}

fn apply(table: &mut Table, key: &str, value: &Json, before: &Settings) -> Result<(), EditError> {
    let refused = |allowed: String| EditError::Setting {
        key: key.to_owned(),
        allowed,
    };
    let setting = schema::find(key).ok_or_else(|| refused("there is no such setting".to_owned()))?;
    if !setting.by_form {
        return Err(refused("it can be set in the configuration file only".to_owned()));
    }
    if let Origin::Environment(variable) = before.origin(key) {
        let key = key.to_owned();
        return Err(EditError::Locked { key, variable });
    }
    let (section, name) = setting.split();
    let table = if section.is_empty() {
        Some(table)
    } else {
        sub_table(table, section)
    };
    let table = table.ok_or_else(|| refused("it can be set in the configuration file only".to_owned()))?;
    if value.is_null() {
        table.remove(name);
        return Ok(());
    }
    let value = setting.checked(Value::of_json(value)).map_err(refused)?.to_toml();
    if KEYS.contains(&key) {
        for other in KEYS.iter().filter_map(|key| schema::find(key)) {
            table.remove(other.split().1);
        }
    }
    match table.get_mut(name).and_then(Item::as_value_mut) {
        // Keep the comment after the value.
        Some(old) => {
            let decor = old.decor().clone();
            *old = value;
            *old.decor_mut() = decor;
        }
        None => drop(table.insert(name, Item::Value(value))),
    }
    Ok(())
}

fn server_of(settings: &Settings) -> Option<url::Origin> {
    Some(url::Url::parse(settings.misp.url.as_deref()?).ok()?.origin())
}

/// The table with this name; makes it if needed. A key that is not a table was refused when the file was read.
fn sub_table<'t>(table: &'t mut Table, name: &str) -> Option<&'t mut Table> {
    let is_table = table.get(name).is_some_and(Item::is_table);
    if !is_table {
        // `misp = { url = "…" }` is a table too; it becomes a section `[misp]`.
        let inline = table.remove(name).and_then(|item| item.into_table().ok());
        let mut fresh = inline.unwrap_or_default();
        fresh.set_implicit(fresh.is_empty());
        table.insert(name, Item::Table(fresh));
    }
    table.get_mut(name)?.as_table_mut()
}

#[cfg(test)]
#[path = "edit_tests.rs"]
mod tests;
