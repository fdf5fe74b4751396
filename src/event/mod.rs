//! Builds the event from the policy's decisions. Pure: the same case and plan give the same event, byte for byte.
//!
//! The policy decides what is sent and with which flags. This stage adds the form: attributes, objects, references,
//! report, and uuids that follow from content.

pub mod derive;
mod file;
mod nesting;
mod notes;
mod object;
mod objects;
mod redirect;
pub mod report;

use std::collections::HashSet;

use hashbrown::HashTable;
use uuid::Uuid;

use self::object::ObjectBuilder;
use crate::config::{EventSettings, Misp, Sightings, Warninglists};
use crate::domain::{Directive, Note, Overrides, Reason, Said, Sha256, Skipped};
use crate::enrich::Knowledge;
use crate::indicator::Indicator;
use crate::misp::attribute_type::MAX_VALUE;
use crate::misp::event::{Attribute, Draft, Event, Object, Sighting, Tag};
use crate::misp::json::three_bytes;
use crate::misp::record::Earlier;
use crate::policy::{Action, AttributeSpec, Case, Plan};

/// The sections of the settings that shape an event beyond the plan.
#[derive(Clone, Copy, Debug)]
pub struct Sections<'s> {
    pub event: &'s EventSettings,
    pub misp: &'s Misp,
    pub sightings: &'s Sightings,
    pub warninglists: &'s Warninglists,
}

/// Everything that the event's uuid is derived from.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    /// SHA-256 of the canonical mail.
    pub mail: Sha256,
    pub profile: Option<&'a str>,
}

/// A derived uuid is itself a hash, so half of it serves as key.
fn key(uuid: Uuid) -> u64 {
    uuid.as_u64_pair().0
}

/// The texts of all mails of the case, `None` when there is none.
fn free_text(case: &Case<'_>) -> Option<String> {
    let bodies = case.nodes.iter().flat_map(|node| &node.mail.bodies);
    let texts: Vec<&str> = bodies
        .map(|body| body.text.trim())
        .filter(|text| !text.is_empty())
        .collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

/// The longest beginning of `text` of at most `max` bytes.
fn cut(text: &str, max: usize) -> &str {
    text.get(..text.floor_char_boundary(max)).unwrap_or_default()
}

/// An event in the making. [`Builder::add_mails`] takes what comes from the mails themselves, then
/// [`Builder::add_indicators`] the indicators. The caller drops the mails in between, so that a long text and a long
/// list are not in memory together.
pub struct Builder<'a> {
    event: Uuid,
    add_to: Option<String>,
    settings: Sections<'a>,
    attributes: Vec<Attribute>,
    objects: Vec<Object>,
    /// The `email` object of each node that is a sample.
    emails: Vec<Option<ObjectBuilder>>,
    files: Vec<ObjectBuilder>,
    report: String,
    report_name: String,
    free_text: Option<String>,
    notes: Vec<Said>,
    directives: Vec<Directive>,
    skipped: Vec<Skipped>,
    skipped_keys: HashSet<(String, String)>,
    object_uuids: HashSet<Uuid>,
    /// Indices into `attributes`, found by uuid. An attribute's uuid follows from type and value.
    known: HashTable<u32>,
}

impl<'a> Builder<'a> {
    /// Begins the event of a mail. With `overrides.event`, its uuid is only the root of the derived uuids.
    pub fn new(identity: Identity<'_>, overrides: &Overrides, settings: Sections<'a>) -> Self {
        Self {
            event: derive::event(identity.mail, identity.profile, overrides.event.as_deref()),
            add_to: overrides.event.clone(),
            settings,
            attributes: Vec::new(),
            objects: Vec::new(),
            emails: Vec::new(),
            files: Vec::new(),
            report: String::new(),
            report_name: String::new(),
            free_text: None,
            notes: Vec::new(),
            directives: Vec::new(),
            skipped: Vec::new(),
            skipped_keys: HashSet::new(),
            object_uuids: HashSet::new(),
            known: HashTable::new(),
        }
    }

    /// Adds what comes from the mails: objects, report, defects. `raw` is the outer message without directives.
    pub fn add_mails(&mut self, case: &Case<'_>, plan: &mut Plan, raw: &[u8]) {
        self.add_objects(case, plan, raw);
        self.directives = case.directives.to_vec();
        if self.settings.event.report {
            self.report = report::text(case);
            self.report_name = report::name(case);
        }
        if self.settings.misp.freetext {
            self.free_text = free_text(case);
        }
        self.note_mails(case, plan);
    }

    /// Adds something to say in the receipt.
    pub fn note(&mut self, note: Option<Note>) {
        self.notes.extend(note.map(Said::from));
    }

    /// The event, and the list of what is not in it.
    pub fn finish(mut self, plan: Plan, knowledge: &Knowledge) -> Draft {
        for builder in std::mem::take(&mut self.emails).into_iter().flatten() {
            self.add_object(builder);
        }
        for builder in std::mem::take(&mut self.files) {
            self.add_object(builder);
        }
        for object in plan.dns {
            self.add_dns(object);
        }
        self.add_redirects(plan.redirects);
        self.notes.extend(plan.notes.into_iter().map(Said::from));
        self.notes.extend(knowledge.notes.iter().cloned().map(Said::from));
        let report = report::finish(self.report, self.report_name, &self.attributes, self.event);
        let event = Event {
            uuid: self.event,
            info: cut(&plan.info, MAX_VALUE).to_owned(),
            date: plan.date.clone(),
            distribution: plan.distribution.to_string(),
            sharing_group_id: plan.sharing_group.map(|id| id.to_string()),
            threat_level_id: plan.threat_level.to_string(),
            analysis: plan.analysis.to_string(),
            timestamp: None,
            tags: plan
                .tags
                .iter()
                .map(|name| Tag {
                    name: three_bytes(name).into_owned(),
                })
                .collect(),
            attributes: self.attributes,
            objects: self.objects,
            reports: report.into_iter().collect(),
        };
        Draft {
            event,
            publish: plan.publish,
            add_to: self.add_to,
            free_text: self.free_text,
            skipped: self.skipped,
            notes: self.notes,
            directives: self.directives,
            check_objects: self.settings.warninglists.enforce,
            earlier: Earlier::None,
            mode: None,
            authentication: None,
        }
    }

    /// Adds the indicators of one node as `actions` say. Frees memory of a long list while the attributes grow.
    pub fn add_indicators(&mut self, node: usize, mut indicators: Vec<Indicator>, mut actions: Vec<Action>) {
        const GIVE_BACK_EVERY: usize = 4096;
        let sent = actions.iter().filter(|action| action.is_sent()).count();
        self.attributes.reserve_exact(sent);
        indicators.reverse();
        actions.reverse();
        while let (Some(indicator), Some(action)) = (indicators.pop(), actions.pop()) {
            let uuid = match action {
                Action::Add(spec) => self.add_attribute(spec, indicator.value, true),
                Action::Link(spec) => self.add_attribute(spec, indicator.value, false),
                Action::Skip(reason) => {
                    self.skip(indicator.kind.misp_type(), &indicator.value, reason);
                    None
                }
            };
            if let (Some(uuid), Some(Some(email))) = (uuid, self.emails.get_mut(node)) {
                email.refer(uuid, "contains", "");
            }
            if indicators.len().is_multiple_of(GIVE_BACK_EVERY) {
                indicators.shrink_to_fit();
                actions.shrink_to_fit();
            }
        }
    }

    /// Adds an attribute unless the event has it; returns its uuid.
    fn add_attribute(&mut self, mut spec: AttributeSpec, value: String, seen: bool) -> Option<Uuid> {
        let value = spec.value.take().map_or(value, String::from);
        let uuid = self.uuid_of(spec.r#type, &value);
        if self.is_known(uuid) {
            return Some(uuid);
        }
        let sightings = Some(self.settings.sightings).filter(|sightings| seen && sightings.enabled);
        let source = sightings.map(|sightings| sightings.source.as_str());
        let sighting = source.map(|source| Sighting {
            uuid: derive::below(uuid, &["sighting", source]),
            r#type: "0".to_owned(),
            source: source.to_owned(),
            date_sighting: None,
        });
        let (attributes, place) = (&self.attributes, u32::try_from(self.attributes.len()).ok()?);
        let hash = |place: &u32| attributes.get(*place as usize).map_or(0, |known| key(known.uuid));
        self.known.insert_unique(key(uuid), place, hash);
        self.attributes.push(Attribute {
            uuid,
            r#type: spec.r#type.into(),
            category: spec.category.into(),
            value,
            to_ids: spec.to_ids,
            comment: spec.comment(),
            enforce_warninglist: spec.enforce_warninglist,
            sightings: sighting.into_iter().collect(),
            ..Attribute::default()
        });
        Some(uuid)
    }

    fn is_known(&self, uuid: Uuid) -> bool {
        let same = |place: &u32| {
            self.attributes
                .get(*place as usize)
                .is_some_and(|known| known.uuid == uuid)
        };
        self.known.find(key(uuid), same).is_some()
    }

    fn uuid_of(&self, r#type: &str, value: &str) -> Uuid {
        derive::below(self.event, &["attribute", r#type, value])
    }

    fn skip(&mut self, r#type: &str, value: &str, reason: Reason) {
        if self.skipped_keys.insert((r#type.to_owned(), value.to_owned())) {
            self.skipped.push(Skipped {
                r#type: r#type.to_owned(),
                value: value.to_owned(),
                reason: reason.into(),
            });
        }
    }
}
