//! Settings that have changed since an event was delivered: what of them an edit applies to it, and what stays because
//! somebody else decided it.

use super::portion::HeadChange;
use super::target;
use crate::domain::Note;
use crate::misp::client::StoredEvent;
use crate::misp::event::{Event, Tag};
use crate::misp::json::three_bytes;
use crate::misp::record::{Head, Record};

/// What becomes of the event's own fields and tags.
#[derive(Default)]
pub(super) struct Heading<'a> {
    pub(super) change: HeadChange<'a>,
    pub(super) tags: Vec<&'a Tag>,
    /// MISP's names of the fields that change, and of those that stay although the settings say something else.
    changed: Vec<&'static str>,
    kept: Vec<&'static str>,
    kept_tags: Vec<String>,
}

/// Compares the event as the settings want it with the stored one. A field that is no longer as it was delivered was
/// changed by a person, and stays. Without a record nobody knows who decided it.
pub(super) fn compare<'a>(event: &'a Event, stored: &StoredEvent, record: Option<&Record>) -> Heading<'a> {
    let mut heading = Heading::default();
    let before = record.map(|record| &record.head);
    let mut field = |name, wanted: &'a str, has: &str, before: Option<&str>| {
        // MISP trims, and a server without that field in its answer says nothing about it.
        if has.is_empty() || three_bytes(wanted).trim() == has.trim() {
            return None;
        }
        let is_ours = before.is_some_and(|before| three_bytes(before).trim() == has.trim());
        if is_ours {
            heading.changed.push(name);
        } else {
            heading.kept.push(name);
        }
        is_ours.then_some(wanted)
    };
    let info = field("info", &event.info, &stored.info, before.map(|head| head.info.as_str()));
    let distribution = field(
        "distribution",
        &event.distribution,
        &stored.distribution,
        before.map(|head| head.distribution.as_str()),
    );
    let threat_level_id = field(
        "threat_level_id",
        &event.threat_level_id,
        &stored.threat_level_id,
        before.map(|head| head.threat_level_id.as_str()),
    );
    let analysis = field(
        "analysis",
        &event.analysis,
        &stored.analysis,
        before.map(|head| head.analysis.as_str()),
    );
    let group = event.sharing_group_id.as_deref();
    let sharing_group_id = group.and_then(|group| {
        let before = before.and_then(|head: &Head| head.sharing_group_id.as_deref());
        let moved = distribution.map(|_| group);
        moved.or_else(|| field("sharing_group_id", group, &stored.sharing_group_id, before))
    });
    heading.change = HeadChange {
        info,
        distribution: distribution.or_else(|| sharing_group_id.map(|_| event.distribution.as_str())),
        sharing_group_id,
        threat_level_id,
        analysis,
    };
    if let Some(record) = record {
        heading.compare_tags(event, stored, record);
    }
    heading
}

impl<'a> Heading<'a> {
    /// New tags are added. MISP takes none away in an edit, and a marking never becomes weaker.
    fn compare_tags(&mut self, event: &'a Event, stored: &StoredEvent, record: &Record) {
        let had = |name: &str| record.tags.iter().any(|tag| tag.eq_ignore_ascii_case(name));
        let has = |name: &str| stored.tags.iter().any(|tag| tag.name.eq_ignore_ascii_case(name));
        let wants = |name: &str| event.tags.iter().any(|tag| tag.name.eq_ignore_ascii_case(name));
        self.tags = target::tags_to_add(&event.tags, stored);
        self.tags.retain(|tag| !had(&tag.name));
        let dropped = record.tags.iter().filter(|tag| has(tag) && !wants(tag)).cloned();
        self.kept_tags.extend(dropped);
    }

    /// Whether an edit changes a field or adds a tag.
    pub(super) fn changes(&self) -> bool {
        !self.changed.is_empty() || !self.tags.is_empty()
    }

    /// What to tell about it.
    pub(super) fn notes(&self) -> Vec<Note> {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let changed = (!self.changed.is_empty()).then(|| Note::SettingsApplied {
            fields: names(&self.changed),
        });
        let kept = (!self.kept.is_empty()).then(|| Note::SettingsNotApplied {
            fields: names(&self.kept),
        });
        let tags = (!self.kept_tags.is_empty()).then(|| Note::TagsStay {
            tags: self.kept_tags.clone(),
        });
        changed.into_iter().chain(kept).chain(tags).collect()
    }
}

/// Whether the settings, as far as they show in the event's own fields and tags, are those of the earlier delivery.
pub(super) fn is_same(event: &Event, record: &Record) -> bool {
    let names = event.tags.iter().map(|tag| tag.name.as_str());
    event.head() == record.head && names.eq(record.tags.iter().map(String::as_str))
}
