//! The choices of a person in a review, as parameters of `send` and `export`.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::domain::{Mode, Overrides};
use crate::pipeline::Request;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Choices {
    deselected: Vec<(String, String)>,
    selected: Vec<(String, String)>,
    comment: Option<String>,
    event: Option<String>,
    tlp: Option<String>,
    #[serde(deserialize_with = "distribution")]
    distribution: Option<u8>,
    keep_people: bool,
}

impl Choices {
    /// Nothing is chosen but whether one's own people stay.
    pub fn before_review(keep_people: bool) -> Self {
        Self {
            keep_people,
            ..Self::default()
        }
    }
}

fn distribution<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    match Option::deserialize(deserializer)? {
        Some(level @ 5..) => Err(D::Error::custom(format!("distribution {level}; there are 0 to 4"))),
        level => Ok(level),
    }
}

impl From<Choices> for Overrides {
    fn from(choices: Choices) -> Self {
        let text = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        Self {
            deselected: choices.deselected,
            selected: choices.selected,
            comment: text(choices.comment),
            event: text(choices.event).map(|event| event.trim().to_owned()),
            tlp: choices.tlp,
            distribution: choices.distribution,
            keep_people: choices.keep_people,
            ..Self::default()
        }
    }
}

pub fn request(mode: Mode, profile: Option<String>, choices: Choices) -> Request {
    Request {
        origin: "Thunderbird".to_owned(),
        mode,
        profile,
        overrides: choices.into(),
    }
}
