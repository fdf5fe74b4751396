//! The configuration: `config.toml`, the environment and the defaults, merged into [`Settings`]. It reads and checks
//! the settings and knows no stage. Each stage gets the sections that it needs.
//!
//! The file overrides the defaults, the chosen profile overrides the file's top level, the environment overrides all.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

mod address;
mod current;
mod edit;
mod error;
mod fields;
pub mod import;
mod key;
mod keyword;
mod kind;
mod layer;
pub mod owner;
mod patterns;
pub mod program;
mod rule;
mod sample;
mod schema;
mod setting;
mod settings;
#[cfg(test)]
mod tests;
mod text;
#[cfg(unix)]
pub mod trust;
mod value;
mod write;

pub use address::Address;
pub use current::Current;
pub use edit::EditError;
pub use error::ConfigError;
pub(crate) use error::quoted;
pub use fields::{Field, options_page};
pub use key::KeySource;
pub use kind::{EventDate, Participants};
pub use patterns::Patterns;
pub use rule::{Names, Rule};
pub use sample::{render_effective, render_sample};
pub use schema::{
    Attachments, ContentsSettings, DirectiveSettings, Dns, EventSettings, Feed, Hosts, Listen, MailSettings, Misp,
    Paths, Privacy, Settings, Sightings, Tags, TextSettings, Tlp, Top, Warninglists,
};
pub use setting::Part;
pub use settings::Note;
pub use write::{beside, write_private};

use layer::Layers;
use setting::Setting;
use value::{Entry, Layer, Origin, Value};

/// Looks up an environment variable. Tests pass a function, so they need not change their process's environment.
type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The layers of the file, and what the environment sets.
#[derive(Clone, Debug, Default)]
pub struct Config {
    file: Option<PathBuf>,
    layers: Layers,
    environment: Layer,
    /// Settings that [`Config::settings`] made, by profile. Copies of the configuration share them.
    made: Arc<Mutex<HashMap<Option<String>, Arc<Settings>>>>,
}

/// Refuses a file that somebody else than its reader and root can change.
#[cfg(unix)]
fn refuse_untrusted(path: &Path) -> Result<(), ConfigError> {
    let user = rustix::process::geteuid().as_raw();
    match trust::doubt(path, user, trust::EVERYBODY) {
        Some(why) => Err(ConfigError::Untrusted {
            path: path.to_owned(),
            why,
        }),
        None => Ok(()),
    }
}

/// On Windows the rights of a file are not read.
#[cfg(not(unix))]
fn refuse_untrusted(_: &Path) -> Result<(), ConfigError> {
    Ok(())
}

impl Config {
    /// Reads the given file, else that of `MISPIGEON_CONFIG`, else the platform's if it exists.
    pub fn load(explicit: Option<&Path>) -> Result<Self, ConfigError> {
        Self::load_with(explicit, &|name| std::env::var(name).ok())
    }

    fn load_with(explicit: Option<&Path>, environment: Environment) -> Result<Self, ConfigError> {
        let config = Self::read_with(explicit, environment)?;
        config.file().map_or(Ok(()), refuse_untrusted)?;
        Ok(config)
    }

    /// Reads it, whoever can change it: for who installs what another user runs, and does nothing else of what it says.
    pub fn of_another_user(explicit: Option<&Path>) -> Result<Self, ConfigError> {
        Self::read_with(explicit, &|name| std::env::var(name).ok())
    }

    fn read_with(explicit: Option<&Path>, environment: Environment) -> Result<Self, ConfigError> {
        let file = match named(explicit, environment) {
            Some(path) => Some(path),
            None => Self::default_file().filter(|path| path.exists()),
        };
        let mut config = match &file {
            Some(path) => {
                let source = text::read(path).map_err(|error| ConfigError::Unreadable {
                    path: path.clone(),
                    reason: error.to_string(),
                })?;
                Self::parse(path, &source)?
            }
            None => Self::default(),
        };
        if let Some(path) = file.as_deref().filter(|_| config.holds_a_key()) {
            key::refuse_exposed(path)?;
        }
        config.environment = overlay(environment)?;
        Ok(config)
    }

    /// Reads `source` as the text of the file `path`. Ignores the environment.
    pub fn parse(path: &Path, source: &str) -> Result<Self, ConfigError> {
        Ok(Self {
            file: Some(path.to_owned()),
            layers: layer::read(path, source)?,
            ..Self::default()
        })
    }

    /// Only what the environment sets. For messages about a file that cannot be read.
    pub fn without_file(explicit: Option<&Path>) -> Self {
        let environment = |name: &str| std::env::var(name).ok();
        Self {
            file: named(explicit, &environment),
            environment: overlay(&environment).unwrap_or_default(),
            ..Self::default()
        }
    }

    /// The file that is read if neither an argument nor the environment names one.
    pub fn default_file() -> Option<PathBuf> {
        Some(folders()?.config_dir().join("config.toml"))
    }

    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// In alphabetical order.
    pub fn profiles(&self) -> impl Iterator<Item = &str> {
        self.layers.profiles.keys().map(String::as_str)
    }

    /// The settings of a profile, or of the top level.
    pub fn profile(&self, name: Option<&str>) -> Result<Settings, ConfigError> {
        let mut merged = self.layers.base.clone();
        if let Some(name) = name {
            let profile = self
                .layers
                .profiles
                .get(name)
                .ok_or_else(|| ConfigError::UnknownProfile {
                    name: name.to_owned(),
                    known: self.profiles().map(str::to_owned).collect(),
                })?;
            lay_over(&mut merged, profile, self.file.as_deref(), name)?;
        }
        if self.environment.contains_key("misp.key") {
            drop_keys(&mut merged);
        }
        merged.extend(self.environment.iter().map(|(key, entry)| (*key, entry.clone())));
        Settings::build(merged, self.file.as_deref())
    }

    /// Like [`Config::profile`], but made only once per profile.
    pub fn settings(&self, name: Option<&str>) -> Result<Arc<Settings>, ConfigError> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let key = name.map(str::to_owned);
        if let Some(settings) = made.get(&key) {
            return Ok(Arc::clone(settings));
        }
        let settings = Arc::new(self.profile(name)?);
        made.insert(key, Arc::clone(&settings));
        Ok(settings)
    }

    /// Makes the settings of every profile. Returns what a person should know about them.
    pub fn check(&self) -> Result<Vec<String>, ConfigError> {
        let mut notes = Vec::new();
        for name in std::iter::once(None).chain(self.profiles().map(Some)) {
            let place = name.map_or_else(String::new, |name| format!("profile {name}: "));
            let found = self.profile(name)?.notes();
            notes.extend(found.into_iter().map(|note| format!("{place}{note}")));
        }
        Ok(notes)
    }

    fn holds_a_key(&self) -> bool {
        std::iter::once(&self.layers.base)
            .chain(self.layers.profiles.values())
            .flat_map(Layer::keys)
            .any(|key| schema::find(key).is_some_and(Setting::is_secret))
    }
}

/// The file that an argument or the environment names.
fn named(explicit: Option<&Path>, environment: Environment) -> Option<PathBuf> {
    let of_environment = || environment("MISPIGEON_CONFIG").filter(|path| !path.is_empty());
    explicit
        .map(Path::to_owned)
        .or_else(|| of_environment().map(PathBuf::from))
}

const KEYS: [&str; 4] = ["misp.key", "misp.key_file", "misp.key_command", "misp.key_env"];

fn drop_keys(layer: &mut Layer) {
    for key in KEYS {
        layer.remove(key);
    }
}

/// Lays a profile over the top level. A key never goes to another server than the one it was given for.
fn lay_over(base: &mut Layer, profile: &Layer, file: Option<&Path>, name: &str) -> Result<(), ConfigError> {
    let has_key = KEYS.iter().any(|key| profile.contains_key(key));
    let inherits_key = KEYS.iter().any(|key| base.contains_key(key));
    let url = profile.get("misp.url").map(|entry| &entry.value);
    let other_server = url.is_some() && url != base.get("misp.url").map(|entry| &entry.value);
    if other_server && inherits_key && !has_key {
        return Err(ConfigError::Conflict {
            place: format!(
                "{}, profile {name}",
                file.unwrap_or(Path::new("configuration")).display()
            ),
            message: "it names another server than the top level and has no key of its own; set one of misp.key, \
                      misp.key_file, misp.key_command, misp.key_env in the profile"
                .into(),
        });
    }
    if has_key {
        drop_keys(base);
    }
    for (key, entry) in profile {
        match (base.get_mut(key), &entry.value) {
            (
                Some(Entry {
                    value: Value::Map(below),
                    origin,
                }),
                Value::Map(above),
            ) => {
                below.retain(|(name, _)| above.iter().all(|(other, _)| other != name));
                below.extend(above.iter().cloned());
                *origin = entry.origin;
            }
            _ => drop(base.insert(key, entry.clone())),
        }
    }
    Ok(())
}

fn overlay(environment: Environment) -> Result<Layer, ConfigError> {
    let mut layer = Layer::new();
    for setting in schema::settings() {
        let Some(variable) = setting.variable else { continue };
        let Some(text) = environment(variable).filter(|text| !text.is_empty()) else {
            continue;
        };
        let value = setting
            .checked(Some(Value::Text(text)))
            .map_err(|allowed| ConfigError::Environment { variable, allowed })?;
        let origin = Origin::Environment(variable);
        layer.insert(setting.key, Entry { value, origin });
    }
    Ok(layer)
}

/// The platform's folders for configuration and data of a program.
fn folders() -> Option<directories::ProjectDirs> {
    directories::ProjectDirs::from("", "", "mispigeon")
}
