//! What is decided about the attributes of one object. The object's template gives each its type, category and flags;
//! what the policy knows better overrules it.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::{Action, AttributeSpec};
use crate::domain::Remark;
use crate::misp::template::Template;
use crate::misp::{attribute_type, value};

/// An object of the event, decided in full: whoever makes the event gives it its uuids and its references.
#[derive(Clone, Debug)]
pub struct ObjectPlan {
    /// Its template.
    pub template: &'static Template,
    /// Tells it from the event's other objects of this template.
    pub key: String,
    /// Its attributes in order, none twice.
    pub entries: Vec<Entry>,
    /// Places in `entries`, found by relation and value.
    known: HashTable<usize>,
    hasher: DefaultHashBuilder,
}

/// One attribute of an object.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The object relation.
    pub relation: &'static str,
    /// The value as MISP stores it.
    pub value: String,
    /// What becomes of it.
    pub action: Action,
    /// The file that travels with it.
    pub content: Content,
}

/// A file that travels with an attribute. It is named rather than held, so that a plan is small.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Content {
    /// None: the value is all.
    #[default]
    None,
    /// The source of the mail's body of this index.
    Body(usize),
    /// The bytes of the attached file.
    File,
    /// The attached file, zipped with the samples' password.
    ZippedFile,
    /// The message that the mail was read from.
    Original,
    /// The message, zipped with the samples' password.
    ZippedOriginal,
}

/// What an attribute of an object has beside its relation and value.
#[derive(Clone, Default)]
pub(super) struct Extra {
    /// For the analyst.
    pub remark: Option<Remark>,
    /// `Some` overrules the default of template and type.
    pub to_ids: Option<bool>,
    /// `Some` overrules the template.
    pub disable_correlation: Option<bool>,
    /// The file that travels with it.
    pub content: Content,
}

impl Extra {
    pub(super) fn saying(remark: impl Into<Option<Remark>>) -> Self {
        Self {
            remark: remark.into(),
            ..Self::default()
        }
    }

    /// With a comment of other people's words.
    pub(super) fn quoting(text: &str) -> Self {
        let text = text.to_owned();
        Self::saying((!text.is_empty()).then_some(Remark::Verbatim { text }))
    }

    pub(super) fn flagged(to_ids: Option<bool>) -> Self {
        Self {
            to_ids,
            ..Self::default()
        }
    }

    pub(super) fn with(self, content: Content) -> Self {
        Self { content, ..self }
    }
}

impl ObjectPlan {
    pub(super) fn new(template: &'static Template, key: String) -> Self {
        Self {
            template,
            key,
            entries: Vec::new(),
            known: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }

    /// Adds an attribute with the template's defaults.
    pub(super) fn add(&mut self, relation: &'static str, value: &str) {
        self.add_with(relation, value, Extra::default());
    }

    /// Adds an attribute. The same relation and value twice is one; an empty value is none, and so is a relation that the
    /// template does not know.
    pub(super) fn add_with(&mut self, relation: &'static str, value: &str, extra: Extra) {
        let Some(rule) = self.template.relation(relation) else {
            return;
        };
        let value = value::normalise(&rule.r#type, value).into_owned();
        if value.is_empty() || !self.is_new(relation, &value) {
            return;
        }
        let spec = AttributeSpec {
            r#type: &rule.r#type,
            category: rule.category(),
            to_ids: extra.to_ids.unwrap_or_else(|| rule.for_detection()),
            disable_correlation: extra.disable_correlation.unwrap_or(rule.disable_correlation),
            remarks: extra.remark.into_iter().collect(),
            enforce_warninglist: false,
            value: None,
        };
        let taken = attribute_type::check(spec.r#type, spec.category, &value);
        let action = taken.map_or_else(Action::Skip, |()| Action::Add(spec));
        self.entries.push(Entry {
            relation,
            value,
            action,
            content: extra.content,
        });
    }

    /// Whether no entry has this relation and value; the next entry is taken to have them.
    fn is_new(&mut self, relation: &str, value: &str) -> bool {
        let (entries, hasher) = (&self.entries, &self.hasher);
        let hash = |place: &usize| {
            let entry = entries.get(*place);
            entry.map_or(0, |entry| hasher.hash_one((entry.relation, entry.value.as_str())))
        };
        let is_same = |place: &usize| {
            let entry = entries.get(*place);
            entry.is_some_and(|entry| entry.relation == relation && entry.value == value)
        };
        let ours = hasher.hash_one((relation, value));
        let is_new = self.known.find(ours, is_same).is_none();
        if is_new {
            self.known.insert_unique(ours, entries.len(), hash);
        }
        is_new
    }
}
