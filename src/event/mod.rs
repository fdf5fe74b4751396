//! Builds the event from the policy's decisions. Pure: the same case and plan give the same event, byte for byte.
//!
//! The policy decides what is sent and with which flags. This stage adds the form: attributes, objects, references,
//! report, and uuids that follow from content.

mod attributes;
pub mod derive;
mod file;
mod nesting;
mod notes;
mod object;
mod part;
mod redirect;
pub mod report;
mod room;
mod together;

use hashbrown::HashSet;
use uuid::Uuid;

use self::attributes::Attributes;
use self::nesting::{originals, owner_of_files, relate_embedded};
use self::object::{Files, ObjectBuilder};
pub use self::part::Part;
use self::room::Room;
pub use self::together::Together;
use crate::config::{EventSettings, Misp, Sightings, Warninglists};
use crate::domain::{Directive, Overrides, Reason, Said, Sealed, Sha256, Skipped};
use crate::enrich::Knowledge;
use crate::indicator::Indicator;
use crate::misp::attribute_type::MAX_VALUE;
use crate::misp::event::{Draft, Event, Object, Tag};
use crate::misp::json::three_bytes;
use crate::misp::record::Earlier;
use crate::policy::{Action, Case, Extracted, FileAction, FilePlan, Node, ObjectPlan, Plan};

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
    /// SHA-256 of the canonical mail, or of the names of several.
    pub mail: Sha256,
    pub profile: Option<&'a str>,
    /// The mail itself, if its event is that of several.
    pub member: Option<Sha256>,
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
    /// The mail, if its event is that of several.
    member: Option<Sha256>,
    add_to: Option<String>,
    settings: Sections<'a>,
    attributes: Attributes<'a>,
    objects: Vec<Object>,
    /// The `email` object of each node that is a sample.
    emails: Vec<Option<ObjectBuilder>>,
    files: Vec<ObjectBuilder>,
    /// The objects of what was read in files.
    inside: Vec<ObjectBuilder>,
    /// For each node and each of its files, the object of the file.
    file_uuids: Vec<Vec<Option<Uuid>>>,
    report: String,
    report_name: String,
    free_text: Option<String>,
    notes: Vec<Said>,
    directives: Vec<Directive>,
    skipped: Vec<Skipped>,
    skipped_keys: HashSet<(String, String)>,
    object_uuids: HashSet<Uuid>,
    room: Room,
}

impl<'a> Builder<'a> {
    /// Begins the event of a mail. With `overrides.event`, its uuid is only the root of the derived uuids.
    pub fn new(identity: Identity<'_>, overrides: &Overrides, settings: Sections<'a>) -> Self {
        let event = derive::event(identity.mail, identity.profile, overrides.event.as_deref());
        Self {
            event,
            member: identity.member,
            add_to: overrides.event.clone(),
            settings,
            attributes: Attributes::new(event, settings.sightings),
            objects: Vec::new(),
            emails: Vec::new(),
            files: Vec::new(),
            inside: Vec::new(),
            file_uuids: Vec::new(),
            report: String::new(),
            report_name: String::new(),
            free_text: None,
            notes: Vec::new(),
            directives: Vec::new(),
            skipped: Vec::new(),
            skipped_keys: HashSet::new(),
            object_uuids: HashSet::new(),
            room: Room::of(settings.event.max_size),
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
    pub fn note(&mut self, note: Option<impl Into<Said>>) {
        self.notes.extend(note.map(Into::into));
    }

    /// The event, and the list of what is not in it.
    pub fn finish(mut self, plan: Plan, knowledge: &Knowledge) -> Part {
        for builder in std::mem::take(&mut self.emails).into_iter().flatten() {
            self.add_object(builder);
        }
        for builder in std::mem::take(&mut self.files) {
            self.add_object(builder);
        }
        for builder in std::mem::take(&mut self.inside) {
            self.add_object(builder);
        }
        for extracted in &plan.extracted {
            self.add_extracted(extracted);
        }
        for object in plan.dns {
            self.add_dns(object);
        }
        self.add_redirects(&plan.redirects);
        for object in plan.phishing {
            self.add_object(ObjectBuilder::new(object, self.event, Files::NONE));
        }
        self.notes.extend(plan.notes.into_iter().map(Said::from));
        self.notes.extend(self.room.note().map(Said::from));
        let sealed = knowledge.sealed.iter().filter_map(|of_mail| Sealed::remark(of_mail));
        self.notes.extend(sealed.map(Said::from));
        self.notes.extend(knowledge.notes.iter().cloned().map(Said::from));
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
            attributes: self.attributes.into_all(),
            objects: self.objects,
            reports: Vec::new(),
        };
        let draft = Draft {
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
        };
        Part {
            draft,
            report: self.report,
            report_name: self.report_name,
        }
    }

    /// Adds the indicators of one node as `actions` say. Frees memory of a long list while the attributes grow.
    pub fn add_indicators(&mut self, node: usize, mut indicators: Vec<Indicator>, mut actions: Vec<Action>) {
        const GIVE_BACK_EVERY: usize = 4096;
        let sent = actions.iter().filter(|action| action.is_sent()).count();
        self.attributes.expect(sent);
        indicators.reverse();
        actions.reverse();
        while let (Some(indicator), Some(action)) = (indicators.pop(), actions.pop()) {
            let is_room = !action.is_sent() || self.room.take_attribute(indicator.value.len());
            let uuid = match action {
                _ if !is_room => None,
                Action::Add(spec) => self.attributes.add(spec, indicator.value, true),
                Action::Link(spec) => self.attributes.add(spec, indicator.value, false),
                Action::Skip(reason) => {
                    self.skip(indicator.misp_type(), &indicator.value, reason);
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

    fn skip(&mut self, r#type: &str, value: &str, reason: Reason) {
        if self.skipped_keys.insert((r#type.to_owned(), value.to_owned())) {
            self.skipped.push(Skipped {
                r#type: r#type.to_owned(),
                value: value.to_owned(),
                reason: reason.into(),
            });
        }
    }

    fn add_objects(&mut self, case: &Case<'_>, plan: &mut Plan, raw: &[u8]) {
        let originals = originals(case, raw);
        for ((node, node_plan), original) in case.nodes.iter().zip(&mut plan.nodes).zip(originals) {
            let files = Files {
                mail: Some(node.mail),
                original,
                ..Files::NONE
            };
            let mut email = node_plan.email.take();
            if let (Some(email), Some(member)) = (&mut email, self.member) {
                // Two mails may have the same Message-ID, or none.
                email.key = format!("{member}\0{}", email.key);
            }
            let email = email.map(|email| ObjectBuilder::new(email, self.event, files));
            let email = email.filter(|email| self.room.take_objects(std::slice::from_ref(email)));
            let codes = std::mem::take(&mut node_plan.codes);
            let of_email = email.as_ref().map(ObjectBuilder::uuid);
            self.inside.extend(file::build_codes(codes, node, of_email, self.event));
            self.emails.push(email);
        }
        for (index, (node, node_plan)) in case.nodes.iter().zip(&mut plan.nodes).enumerate() {
            let made = self.files_of(node, std::mem::take(&mut node_plan.files));
            let uuids = made.iter().map(|objects| objects.first().map(ObjectBuilder::uuid));
            self.file_uuids.push(uuids.collect());
            let owner = owner_of_files(case, index).and_then(|owner| self.emails.get_mut(owner));
            if let Some(Some(email)) = owner {
                let attached = made.iter().take(node.mail.attachments.len());
                for file in attached.filter_map(|objects| objects.first()) {
                    email.refer(file.uuid(), "related-to", "Email attachment");
                }
            }
            self.files.extend(made.into_iter().flatten());
        }
        relate_embedded(case, &mut self.emails);
    }

    /// The objects of each file of a mail, none of what is left out. A file refers to the one that it was in.
    fn files_of(&mut self, node: &Node<'_>, plans: Vec<FilePlan>) -> Vec<Vec<ObjectBuilder>> {
        let mut made: Vec<Vec<ObjectBuilder>> = Vec::new();
        for (file, plan) in node.files().iter().zip(plans) {
            let mut objects = Vec::new();
            let skipped = if let FileAction::Skip(reason) = plan.action {
                Some(reason)
            } else {
                objects = file::build(plan.objects, file.bytes, self.event);
                let is_room = self.room.take_objects(&objects);
                if !is_room {
                    objects.clear();
                }
                (!is_room).then_some(Reason::EventIsFull)
            };
            if let Some(reason) = skipped {
                self.skip("attachment", file.label, reason);
            }
            if let Some(uuid) = objects.first().map(ObjectBuilder::uuid) {
                let inside = file::build_inside(plan.inside, file, uuid, self.event);
                let inside = inside
                    .into_iter()
                    .filter(|object| self.room.take_objects(std::slice::from_ref(object)));
                self.inside.extend(inside);
            }
            let around = file.inside.and_then(|inside| made.get(inside)?.first());
            if let (Some(object), Some(around)) = (objects.first_mut(), around.map(ObjectBuilder::uuid))
                && object.uuid() != around
            {
                object.refer(around, "included-in", "");
            }
            made.push(objects);
        }
        made
    }

    /// Makes the object of a DNS answer refer to the attribute that it explains.
    fn add_dns(&mut self, plan: ObjectPlan) {
        let explained = ["domain", "hostname"].map(|kind| self.attributes.uuid_of(kind, &plan.key));
        let mut object = ObjectBuilder::new(plan, self.event, Files::NONE);
        if let Some(uuid) = explained.into_iter().find(|uuid| self.attributes.has(*uuid)) {
            object.refer(uuid, "related-to", "DNS answer for this name");
        }
        self.add_object(object);
    }

    /// Makes the object of a URL refer to the file that it stood in.
    fn add_extracted(&mut self, extracted: &Extracted) {
        let uuids = self.file_uuids.get(extracted.node);
        let file = uuids.and_then(|uuids| uuids.get(extracted.file).copied().flatten());
        let mut object = ObjectBuilder::new(ObjectPlan::of_url(&extracted.url), self.event, Files::NONE);
        if let Some(file) = file {
            object.refer(file, "extracted-from", "");
        }
        self.add_object(object);
    }

    fn add_object(&mut self, builder: ObjectBuilder) {
        let (object, refused) = builder.finish();
        self.skipped.extend(refused);
        self.objects
            .extend(object.filter(|object| self.object_uuids.insert(object.uuid)));
    }
}
