//! The event in MISP's format. Serialised, it is the exact body of `POST /events/add`.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::record::{self, Earlier, Head, Record};
use crate::domain::{Authentication, Directive, Judgement, Receipt, Said, Skipped};

/// `{"Event": …}`, the body of a request and the content of a feed's event file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Envelope {
    #[serde(rename = "Event")]
    pub event: Event,
}

/// An event. Numbers are strings, as MISP itself writes them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Event {
    pub uuid: Uuid,
    pub info: String,
    pub date: String,
    pub distribution: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sharing_group_id: Option<String>,
    pub threat_level_id: String,
    pub analysis: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
    #[serde(rename = "Tag", default)]
    pub tags: Vec<Tag>,
    #[serde(rename = "Attribute", default)]
    pub attributes: Vec<Attribute>,
    #[serde(rename = "Object", default)]
    pub objects: Vec<Object>,
    #[serde(rename = "EventReport", default)]
    pub reports: Vec<EventReport>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    pub name: String,
}

/// An attribute of the event or of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    pub uuid: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object_relation: Option<Cow<'static, str>>,
    pub r#type: Cow<'static, str>,
    pub category: Cow<'static, str>,
    pub value: String,
    pub to_ids: bool,
    pub disable_correlation: bool,
    #[serde(default)]
    pub comment: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
    #[serde(rename = "enforceWarninglist", default, skip_serializing_if = "std::ops::Not::not")]
    pub enforce_warninglist: bool,
    /// Content of an `attachment` or `malware-sample` (the latter is zipped already).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Box<Data>>,
    #[serde(rename = "Tag", default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    #[serde(rename = "Sighting", default, skip_serializing_if = "Vec::is_empty")]
    pub sightings: Vec<Sighting>,
}

/// Base64 in JSON. In memory it is bytes, which take three quarters of that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Data(pub Vec<u8>);

impl Serialize for Data {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use base64::display::Base64Display;
        serializer.collect_str(&Base64Display::new(&self.0, &base64::prelude::BASE64_STANDARD))
    }
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use base64::Engine;
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        base64::prelude::BASE64_STANDARD
            .decode(text.as_bytes())
            .map(Self)
            .map_err(serde::de::Error::custom)
    }
}

/// A sighting of an attribute. `type` 0 is a plain sighting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    pub uuid: Uuid,
    pub r#type: String,
    pub source: String,
    /// Seconds since 1970. The outbox sets it when it stamps the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_sighting: Option<String>,
}

/// An object made by one of MISP's templates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    pub uuid: Uuid,
    pub name: Cow<'static, str>,
    #[serde(rename = "meta-category")]
    pub meta_category: Cow<'static, str>,
    pub description: Cow<'static, str>,
    pub template_uuid: Cow<'static, str>,
    pub template_version: String,
    #[serde(default)]
    pub comment: String,
    pub distribution: Cow<'static, str>,
    #[serde(rename = "Attribute", default)]
    pub attributes: Vec<Attribute>,
    #[serde(rename = "ObjectReference", default)]
    pub references: Vec<Reference>,
}

/// A relation from an object to an object or attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    pub uuid: Uuid,
    pub object_uuid: Uuid,
    pub referenced_uuid: Uuid,
    pub relationship_type: String,
    #[serde(default)]
    pub comment: String,
}

/// A report in Markdown that belongs to the event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventReport {
    pub uuid: Uuid,
    pub name: String,
    pub content: String,
    pub distribution: String,
}

impl Event {
    /// The fields that settings decide.
    pub fn head(&self) -> Head {
        Head {
            info: self.info.clone(),
            distribution: self.distribution.clone(),
            sharing_group_id: self.sharing_group_id.clone(),
            threat_level_id: self.threat_level_id.clone(),
            analysis: self.analysis.clone(),
        }
    }

    /// The uuids of all its parts.
    fn parts(&self) -> impl Iterator<Item = Uuid> + '_ {
        let of_objects = self.objects.iter().flat_map(|object| {
            let attributes = object.attributes.iter().map(|attribute| attribute.uuid);
            let references = object.references.iter().map(|reference| reference.uuid);
            std::iter::once(object.uuid).chain(attributes).chain(references)
        });
        let attributes = self.attributes.iter().map(|attribute| attribute.uuid);
        let reports = self.reports.iter().map(|report| report.uuid);
        attributes.chain(of_objects).chain(reports)
    }

    /// Sets the timestamp of the event, its attributes and its sightings to `now`, in seconds since 1970. Objects get
    /// none: an edit that completes the event ignores what is missing in an object whose timestamp is not newer.
    pub fn stamp(&mut self, now: i64) {
        let now = now.to_string();
        self.timestamp = Some(now.clone());
        let of_objects = self.objects.iter_mut().flat_map(|object| object.attributes.iter_mut());
        for attribute in self.attributes.iter_mut().chain(of_objects) {
            attribute.timestamp = Some(now.clone());
            for sighting in &mut attribute.sightings {
                sighting.date_sighting = Some(now.clone());
            }
        }
    }
}

/// An event ready for delivery.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Draft {
    /// With [`Draft::add_to`], its uuid is only the root of the derived uuids.
    pub event: Event,
    pub publish: bool,
    /// Numeric id or uuid of the event to extend.
    pub add_to: Option<String>,
    /// Text for MISP's own free-text import.
    #[serde(default)]
    pub free_text: Option<String>,
    /// Found, but not sent.
    pub skipped: Vec<Skipped>,
    /// For the receipt: defects of the mail, failed enrichment.
    pub notes: Vec<Said>,
    /// What the message was taken for, for the receipt.
    #[serde(default)]
    pub mode: Option<Judgement>,
    /// What servers found out about who sent the mail, for the receipt.
    #[serde(default)]
    pub authentication: Option<Authentication>,
    /// Those of the mail that were honoured.
    #[serde(default)]
    pub directives: Vec<Directive>,
    /// Whether flagged values in objects lose their IDS flag where the server has them on a warninglist. MISP honours
    /// `enforceWarninglist` in attributes of the event only.
    #[serde(default)]
    pub check_objects: bool,
    /// Not part of the event: the outbox knows it.
    #[serde(skip)]
    pub earlier: Earlier,
}

impl Draft {
    /// What to remember when `receipt` says what became of it.
    pub fn record(&self, receipt: &Receipt) -> Record {
        Record {
            head: self.event.head(),
            tags: self.event.tags.iter().map(|tag| tag.name.clone()).collect(),
            directives: self.directives.clone(),
            // The receipt begins with what the draft itself left out.
            refused: receipt.skipped.iter().skip(self.skipped.len()).cloned().collect(),
            parts: self.event.parts().map(record::number).collect(),
        }
    }
}
