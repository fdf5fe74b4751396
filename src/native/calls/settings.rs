//! `settings.*`: what the options page shows and changes. It can set a key, but not read one.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::status::File;
use super::{Call, Fault, Profile, Whole, lock, object};
use crate::config::{self, Config, Field, Part};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changes {
    #[serde(default)]
    profile: Option<String>,
    /// Dotted keys with new values.
    #[serde(deserialize_with = "object")]
    changes: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemoveProfile {
    profile: String,
}

#[derive(Serialize)]
pub struct Shown {
    #[serde(flatten)]
    file: File,
    profile: Option<String>,
    profiles: Vec<String>,
    /// Never cut, because the page writes back the texts that it got.
    fields: Whole<BTreeMap<&'static str, Field>>,
    /// The settings of each part of the page, in order.
    page: BTreeMap<Part, Vec<&'static str>>,
}

/// Held from reading the file to writing it. Otherwise one of two simultaneous changes would undo the other.
pub(super) static CHANGING: Mutex<()> = Mutex::new(());

pub fn read(call: &Call<'_>, Profile { profile }: Profile) -> Result<Shown, Fault> {
    shown(call.config()?, profile)
}

pub fn write(call: &Call<'_>, Changes { profile, changes }: Changes) -> Result<Shown, Fault> {
    let _changing = lock(&CHANGING);
    let config = call.config()?;
    let (after, text) = config.with_changes(profile.as_deref(), &changes)?;
    config.write(&text)?;
    shown(&after, profile)
}

pub fn remove_profile(call: &Call<'_>, RemoveProfile { profile }: RemoveProfile) -> Result<Shown, Fault> {
    let _changing = lock(&CHANGING);
    let config = call.config()?;
    let (after, text) = config.without_profile(&profile)?;
    config.write(&text)?;
    shown(&after, None)
}

fn shown(config: &Config, profile: Option<String>) -> Result<Shown, Fault> {
    Ok(Shown {
        file: File::of(config),
        profiles: config.profiles().map(str::to_owned).collect(),
        fields: Whole(config.fields(profile.as_deref())?),
        page: config::options_page(),
        profile,
    })
}
