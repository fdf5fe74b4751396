//! The parts of MISP's answers that are read. Parsing skips the rest.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Visitor};
use uuid::Uuid;

#[derive(Deserialize)]
pub(super) struct Envelope {
    #[serde(rename = "Event")]
    pub(super) event: StoredEvent,
}

/// What free-text import has added.
#[derive(Deserialize)]
pub(super) struct Imported {
    #[serde(rename = "Attribute")]
    attribute: ImportedAttribute,
}

#[derive(Deserialize)]
struct ImportedAttribute {
    #[serde(default, deserialize_with = "text")]
    value: String,
}

impl Imported {
    pub(super) fn value(self) -> String {
        self.attribute.value
    }
}

/// An event as the server has it.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct StoredEvent {
    /// Numeric.
    #[serde(deserialize_with = "text")]
    pub id: String,
    pub uuid: Uuid,
    /// As the server said last.
    #[serde(default, deserialize_with = "truth")]
    pub published: bool,
    /// Seconds since 1970; 0 if it never was published.
    #[serde(default, deserialize_with = "number")]
    pub publish_timestamp: i64,
    /// When the event was changed last, in seconds since 1970.
    #[serde(default, deserialize_with = "number")]
    pub timestamp: i64,
    /// How long ago that was by the server's clock, in seconds, if it told its time.
    #[serde(skip)]
    pub age: Option<i64>,
    #[serde(default)]
    pub info: String,
    #[serde(default, deserialize_with = "text")]
    pub distribution: String,
    #[serde(default, deserialize_with = "text")]
    pub sharing_group_id: String,
    #[serde(default, deserialize_with = "text")]
    pub threat_level_id: String,
    #[serde(default, deserialize_with = "text")]
    pub analysis: String,
    #[serde(rename = "Tag", default)]
    pub(crate) tags: Vec<Named>,
    /// Without those of objects.
    #[serde(rename = "Attribute", default)]
    pub attributes: Vec<StoredAttribute>,
    #[serde(rename = "Object", default)]
    pub objects: Vec<StoredObject>,
    #[serde(rename = "EventReport", default)]
    pub(crate) reports: Vec<Identified>,
}

/// An attribute as the server has it.
#[derive(Clone, Debug, Deserialize)]
pub struct StoredAttribute {
    pub uuid: Uuid,
    #[serde(default)]
    pub r#type: String,
    /// As the server normalised it.
    #[serde(default, deserialize_with = "text")]
    pub value: String,
    #[serde(rename = "Tag", default)]
    pub(crate) tags: Vec<Named>,
    #[serde(rename = "Sighting", default)]
    pub(crate) sightings: Vec<Identified>,
}

/// An object as the server has it.
#[derive(Clone, Debug, Deserialize)]
pub struct StoredObject {
    pub uuid: Uuid,
    #[serde(rename = "Attribute", default)]
    pub attributes: Vec<StoredAttribute>,
    #[serde(rename = "ObjectReference", default)]
    pub references: Vec<StoredReference>,
}

/// A reference as the server has it.
#[derive(Clone, Debug, Deserialize)]
pub struct StoredReference {
    pub uuid: Uuid,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Named {
    pub(crate) name: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Identified {
    #[serde(default)]
    pub(crate) uuid: Option<Uuid>,
}

impl StoredEvent {
    /// The number of attributes, with those of objects. MISP's own `attribute_count` is wrong after edits.
    pub fn count(&self) -> usize {
        self.attributes.len() + self.objects.iter().map(|object| object.attributes.len()).sum::<usize>()
    }

    /// With those of objects.
    pub fn all_attributes(&self) -> impl Iterator<Item = &StoredAttribute> {
        self.attributes
            .iter()
            .chain(self.objects.iter().flat_map(|object| &object.attributes))
    }
}

/// Reads a string or a number as text: MISP writes numbers as strings, but not in every version and place.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    struct Text;
    impl Visitor<'_> for Text {
        type Value = String;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string or a number")
        }
        fn visit_str<E>(self, value: &str) -> Result<String, E> {
            Ok(value.to_owned())
        }
        fn visit_string<E>(self, value: String) -> Result<String, E> {
            Ok(value)
        }
        fn visit_u64<E>(self, value: u64) -> Result<String, E> {
            Ok(value.to_string())
        }
        fn visit_i64<E>(self, value: i64) -> Result<String, E> {
            Ok(value.to_string())
        }
        fn visit_f64<E>(self, value: f64) -> Result<String, E> {
            Ok(value.to_string())
        }
        fn visit_bool<E>(self, value: bool) -> Result<String, E> {
            Ok(value.to_string())
        }
        fn visit_unit<E>(self) -> Result<String, E> {
            Ok(String::new())
        }
    }
    deserializer.deserialize_any(Text)
}

/// Reads seconds; 0 if they are none.
pub(super) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    text(deserializer).map(|text| text.parse().unwrap_or_default())
}

/// Reads a flag: a boolean, or the string or number 0 or 1.
pub(super) fn truth<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    text(deserializer).map(|text| matches!(text.as_str(), "1" | "true"))
}
