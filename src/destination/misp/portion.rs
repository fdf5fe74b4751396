//! Bodies of requests. A large event is split into portions: `events/add` takes the first, `events/edit` the others.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use serde::Serialize;
use uuid::Uuid;

use crate::misp::event::{Attribute, Event, EventReport, Object, Tag};

/// The part of an event that goes into one request.
#[derive(Clone, Default)]
pub(super) struct Portion<'a> {
    pub(super) attributes: Vec<&'a Attribute>,
    pub(super) objects: Vec<&'a Object>,
    pub(super) tags: Vec<&'a Tag>,
    pub(super) reports: Vec<Cow<'a, EventReport>>,
    /// Fields of the event to change.
    pub(super) head: HeadChange<'a>,
    /// Attributes to leave out of `objects`.
    pub(super) without: Arc<HashSet<Uuid>>,
    /// Attributes of `objects` to send without the IDS flag.
    pub(super) unflagged: Arc<HashSet<Uuid>>,
}

impl<'a> Portion<'a> {
    /// Makes portions of at most `cap` attributes, unless one object has more. There is at least one portion, which may
    /// be empty. Attributes come first, because objects refer to them.
    pub(super) fn split(attributes: Vec<&'a Attribute>, objects: Vec<&'a Object>, cap: usize) -> Vec<Self> {
        let mut portions = Vec::new();
        let mut portion = Self::default();
        let mut weight = 0;
        for attribute in attributes {
            if weight >= cap {
                portions.push(std::mem::take(&mut portion));
                weight = 0;
            }
            portion.attributes.push(attribute);
            weight += 1;
        }
        for object in objects {
            let more = object.attributes.len().max(1);
            if weight > 0 && weight + more > cap {
                portions.push(std::mem::take(&mut portion));
                weight = 0;
            }
            portion.objects.push(object);
            weight += more;
        }
        portions.push(portion);
        portions
    }

    pub(super) fn is_empty(&self) -> bool {
        self.attributes.is_empty()
            && self.objects.is_empty()
            && self.tags.is_empty()
            && self.reports.is_empty()
            && self.head == HeadChange::default()
    }

    pub(super) fn all_attributes(&self) -> impl Iterator<Item = &'a Attribute> + '_ {
        self.attributes
            .iter()
            .copied()
            .chain(self.objects.iter().flat_map(|object| &object.attributes))
    }

    /// The body of the `events/add` that makes `event` with this portion.
    pub(super) fn to_add<'b>(&'b self, event: &'b Event) -> impl Serialize + 'b {
        Body {
            event: Add {
                uuid: event.uuid,
                info: &event.info,
                date: &event.date,
                distribution: &event.distribution,
                sharing_group_id: event.sharing_group_id.as_deref(),
                threat_level_id: &event.threat_level_id,
                analysis: &event.analysis,
                timestamp: event.timestamp.as_deref(),
                tags: &event.tags,
                attributes: &self.attributes,
                objects: self.objects_to_send(),
                reports: &event.reports,
            },
        }
    }

    fn objects_to_send(&self) -> Vec<Cow<'a, Object>> {
        let fit = |object: &&'a Object| fitted(object, &self.without, &self.unflagged);
        self.objects.iter().map(fit).collect()
    }

    /// The body of an `events/edit`. It has no timestamp of the event or of objects, and of the event's fields only those
    /// to change, so that it leaves alone what an analyst edited. The timestamps of attributes make the server keep those
    /// that it has.
    pub(super) fn to_edit(&self, uuid: Uuid) -> impl Serialize {
        let without = &self.without;
        Body {
            event: Edit {
                uuid,
                head: self.head,
                tags: &self.tags,
                attributes: self
                    .attributes
                    .iter()
                    .copied()
                    .filter(|one| !without.contains(&one.uuid))
                    .collect(),
                objects: self.objects_to_send(),
                reports: &self.reports,
            },
        }
    }
}

#[derive(Serialize)]
struct Body<T> {
    #[serde(rename = "Event")]
    event: T,
}

#[derive(Serialize)]
struct Add<'a> {
    uuid: Uuid,
    info: &'a str,
    date: &'a str,
    distribution: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sharing_group_id: Option<&'a str>,
    threat_level_id: &'a str,
    analysis: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<&'a str>,
    #[serde(rename = "Tag")]
    tags: &'a [Tag],
    #[serde(rename = "Attribute")]
    attributes: &'a [&'a Attribute],
    #[serde(rename = "Object")]
    objects: Vec<Cow<'a, Object>>,
    #[serde(rename = "EventReport")]
    reports: &'a [EventReport],
}

/// Fields of the event; `None` leaves a field as it is.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(super) struct HeadChange<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) info: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) distribution: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sharing_group_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) threat_level_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) analysis: Option<&'a str>,
}

#[derive(Serialize)]
struct Edit<'a> {
    uuid: Uuid,
    #[serde(flatten)]
    head: HeadChange<'a>,
    #[serde(rename = "Tag", skip_serializing_if = "<[_]>::is_empty")]
    tags: &'a [&'a Tag],
    #[serde(rename = "Attribute", skip_serializing_if = "Vec::is_empty")]
    attributes: Vec<&'a Attribute>,
    #[serde(rename = "Object", skip_serializing_if = "Vec::is_empty")]
    objects: Vec<Cow<'a, Object>>,
    #[serde(rename = "EventReport", skip_serializing_if = "<[_]>::is_empty")]
    reports: &'a [Cow<'a, EventReport>],
}

/// The object without some of its attributes, and without the IDS flag of others.
fn fitted<'a>(object: &'a Object, without: &HashSet<Uuid>, unflagged: &HashSet<Uuid>) -> Cow<'a, Object> {
    let touches = |one: &Attribute| without.contains(&one.uuid) || unflagged.contains(&one.uuid);
    if !object.attributes.iter().any(touches) {
        return Cow::Borrowed(object);
    }
    let mut fitted = object.clone();
    fitted.attributes.retain(|one| !without.contains(&one.uuid));
    for attribute in &mut fitted.attributes {
        attribute.to_ids &= !unflagged.contains(&attribute.uuid);
    }
    Cow::Owned(fitted)
}
