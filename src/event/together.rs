//! Makes one event of several mails. Each mail is decided and built on its own; what they share is in the event once.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use uuid::Uuid;

use super::{Part, cut};
use crate::domain::{PapLevel, Said, Skipped, TlpLevel, most_common};
use crate::misp::attribute_type::MAX_VALUE;
use crate::misp::event::{Attribute, Draft, Event, Object, Tag};

/// Longest text of the report, in bytes. The `email` objects have the whole texts.
const MAX_REPORT: usize = 4 << 20;

/// The event in the making.
#[derive(Default)]
pub struct Together {
    draft: Option<Draft>,
    titles: Vec<String>,
    attributes: Known,
    objects: Known,
    /// What the objects have, so that one that several mails have is not searched.
    of_objects: HashSet<Uuid>,
    skipped: HashSet<(String, String)>,
    notes: HashSet<String>,
    report: String,
    report_name: String,
    /// Mails whose text is not in the report.
    unreported: usize,
}

/// Places in a list, by uuid.
type Known = HashMap<Uuid, usize>;

impl Together {
    /// Adds what was built of one mail, with the event's uuid as root.
    pub fn add(&mut self, part: Part) {
        let Part {
            draft,
            report,
            report_name,
        } = part;
        self.titles.push(draft.event.info.clone());
        self.add_report(&report, report_name);
        let Some(mut whole) = self.draft.take() else {
            self.begin(draft);
            return;
        };
        whole.publish &= draft.publish;
        add_text(&mut whole.free_text, draft.free_text);
        add_new(&mut whole.directives, draft.directives);
        add_head(&mut whole.event, &draft.event);
        draft
            .event
            .attributes
            .into_iter()
            .for_each(|attribute| self.add_attribute(&mut whole.event, attribute));
        draft
            .event
            .objects
            .into_iter()
            .for_each(|object| self.add_object(&mut whole.event, object));
        whole.skipped.extend(self.new_skipped(draft.skipped));
        whole.notes.extend(self.new_notes(draft.notes));
        self.draft = Some(whole);
    }

    fn begin(&mut self, mut draft: Draft) {
        let places = |uuids: &mut dyn Iterator<Item = Uuid>| uuids.enumerate().map(|(at, uuid)| (uuid, at)).collect();
        self.attributes = places(&mut draft.event.attributes.iter().map(|attribute| attribute.uuid));
        self.objects = places(&mut draft.event.objects.iter().map(|object| object.uuid));
        self.of_objects = draft.event.objects.iter().flat_map(parts_of).collect();
        draft.skipped = self.new_skipped(std::mem::take(&mut draft.skipped));
        draft.notes = self.new_notes(std::mem::take(&mut draft.notes));
        draft.mode = None;
        draft.authentication = None;
        self.draft = Some(draft);
    }

    fn add_report(&mut self, text: &str, name: String) {
        if self.report.len().saturating_add(text.len()) > MAX_REPORT {
            self.unreported += 1;
            return;
        }
        self.report.push_str(text);
        if self.report_name.is_empty() {
            self.report_name = name;
        }
    }

    /// An attribute that one mail flags is flagged, with what is said of it there.
    fn add_attribute(&mut self, whole: &mut Event, attribute: Attribute) {
        match self.attributes.get(&attribute.uuid) {
            None => {
                self.attributes.insert(attribute.uuid, whole.attributes.len());
                whole.attributes.push(attribute);
            }
            Some(place) => {
                if let Some(known) = whole
                    .attributes
                    .get_mut(*place)
                    .filter(|known| attribute.to_ids && !known.to_ids)
                {
                    *known = attribute;
                }
            }
        }
    }

    /// An object that several mails have, such as an attached file, gets what each of them says.
    fn add_object(&mut self, whole: &mut Event, object: Object) {
        let Some(known) = self
            .objects
            .get(&object.uuid)
            .and_then(|place| whole.objects.get_mut(*place))
        else {
            self.objects.insert(object.uuid, whole.objects.len());
            self.of_objects.extend(parts_of(&object));
            whole.objects.push(object);
            return;
        };
        let seen = &mut self.of_objects;
        known
            .attributes
            .extend(object.attributes.into_iter().filter(|one| seen.insert(one.uuid)));
        known
            .references
            .extend(object.references.into_iter().filter(|one| seen.insert(one.uuid)));
    }

    fn new_skipped(&mut self, skipped: Vec<Skipped>) -> Vec<Skipped> {
        let mut is_new = |one: &Skipped| self.skipped.insert((one.r#type.clone(), one.value.clone()));
        skipped.into_iter().filter(|one| is_new(one)).collect()
    }

    fn new_notes(&mut self, notes: Vec<Said>) -> Vec<Said> {
        let mut is_new = |note: &Said| self.notes.insert(note.to_string());
        notes.into_iter().filter(|note| is_new(note)).collect()
    }

    /// The event of all mails; `None` if there was none.
    pub fn finish(self) -> Option<Draft> {
        let mut draft = self.draft?;
        let event = &mut draft.event;
        event.info = title(&self.titles);
        keep_strictest(&mut event.tags, TlpLevel::of_tag);
        keep_strictest(&mut event.tags, PapLevel::of_tag);
        // What one mail leaves out and another sends is sent.
        let sent: HashSet<(&str, &str)> = event
            .attributes
            .iter()
            .map(|attribute| (attribute.r#type.as_ref(), attribute.value.as_str()))
            .collect();
        draft
            .skipped
            .retain(|one| !sent.contains(&(one.r#type.as_str(), one.value.as_str())));
        let mut report = self.report;
        if self.unreported > 0 {
            let _ = writeln!(report, "*and the text of {} more mails*\n", self.unreported);
        }
        let part = Part {
            draft,
            report,
            report_name: self.report_name,
        };
        Some(part.whole())
    }
}

/// The strictest of what says who may have it; the widest of the rest.
fn add_head(whole: &mut Event, part: &Event) {
    if narrowness(&part.distribution) > narrowness(&whole.distribution) {
        whole.distribution.clone_from(&part.distribution);
        whole.sharing_group_id.clone_from(&part.sharing_group_id);
    }
    if part.threat_level_id < whole.threat_level_id {
        whole.threat_level_id.clone_from(&part.threat_level_id);
    }
    if part.date < whole.date {
        whole.date.clone_from(&part.date);
    }
    add_new(&mut whole.tags, part.tags.iter().cloned());
}

/// The uuids of what an object has.
fn parts_of(object: &Object) -> impl Iterator<Item = Uuid> + '_ {
    let attributes = object.attributes.iter().map(|attribute| attribute.uuid);
    attributes.chain(object.references.iter().map(|reference| reference.uuid))
}

/// The title that most mails would have had, and how many others there are.
fn title(titles: &[String]) -> String {
    let title = most_common(titles.iter()).map_or("", String::as_str);
    if titles.iter().all(|other| other == title) {
        return title.to_owned();
    }
    let others = format!(" (and {} more mails)", titles.len().saturating_sub(1));
    let title = cut(title, MAX_VALUE.saturating_sub(others.len()));
    format!("{title}{others}")
}

/// How few may see an event of this distribution: 0 is for one organisation, 4 for a sharing group, 3 for all.
fn narrowness(distribution: &str) -> u8 {
    match distribution {
        "0" => 4,
        "4" => 3,
        "1" => 2,
        "2" => 1,
        _ => 0,
    }
}

/// Of the tags that name a level, keeps the strictest.
fn keep_strictest<L: Ord + Copy>(tags: &mut Vec<Tag>, level: impl Fn(&str) -> Option<L>) {
    let strictest = tags.iter().filter_map(|tag| level(&tag.name)).max();
    tags.retain(|tag| level(&tag.name).is_none_or(|own| Some(own) == strictest));
}

fn add_text(text: &mut Option<String>, more: Option<String>) {
    match (text.as_mut(), more) {
        (Some(text), Some(more)) => {
            text.push('\n');
            text.push_str(&more);
        }
        (None, more) => *text = more,
        (Some(_), None) => {}
    }
}

/// There are few of them, whatever the number of mails.
fn add_new<T: PartialEq>(all: &mut Vec<T>, more: impl IntoIterator<Item = T>) {
    for one in more {
        if !all.contains(&one) {
            all.push(one);
        }
    }
}
