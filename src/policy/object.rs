//! The decisions about the attributes of one object. Its template gives type, category and flags; the policy overrides
//! them where it knows more.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::flag::Verdict;
use super::{Action, AttributeSpec};
use crate::domain::Remark;
use crate::misp::template::Template;
use crate::misp::{attribute_type, value};

/// An object of the event, fully decided. The `event` stage adds uuids and references.
#[derive(Clone, Debug)]
pub struct ObjectPlan {
    pub template: &'static Template,
    /// Distinguishes it from the event's other objects of this template.
    pub key: String,
    /// Tells it from others of its kind in MISP's pages.
    pub comment: String,
    /// In order, without duplicates.
    pub entries: Vec<Entry>,
    /// Places in `entries`, found by relation and value.
    known: HashTable<usize>,
    hasher: DefaultHashBuilder,
}

/// One attribute of an object.
#[derive(Clone, Debug)]
pub struct Entry {
    pub relation: &'static str,
    /// The value as MISP stores it.
    pub value: String,
    pub action: Action,
    pub content: Content,
}

/// The file that an attribute carries. The plan names it and holds no copy, so that it stays small.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Content {
    #[default]
    None,
    /// The source of the mail's body with this index.
    Body(usize),
    File,
    /// What was read in the file, at this index: the text of a macro, the drawing of a code.
    Piece(usize),
    /// Zipped with the password of samples.
    ZippedFile,
    /// The message that the mail was read from.
    Original,
    /// The same, zipped with the password of samples.
    ZippedOriginal,
}

/// What an object's attribute has besides relation and value.
#[derive(Clone, Default)]
pub(super) struct Extra {
    pub remarks: Vec<Remark>,
    /// `Some` overrules the default of template and type.
    pub to_ids: Option<bool>,
    /// What was judged about the flag. It says nothing of a type that is not for detection.
    pub verdict: Option<Verdict>,
    /// `Some` overrules the template.
    pub disable_correlation: Option<bool>,
    pub content: Content,
}

impl Extra {
    /// Of a value that is an attribute of the event as well, which has the IDS flag and correlates.
    pub(super) fn beside_attribute() -> Self {
        Self {
            to_ids: Some(false),
            disable_correlation: Some(true),
            ..Self::default()
        }
    }

    pub(super) fn saying(remark: impl Into<Option<Remark>>) -> Self {
        Self {
            remarks: remark.into().into_iter().collect(),
            ..Self::default()
        }
    }

    /// With text from the mail as comment; without comment if the text is empty.
    pub(super) fn quoting(text: &str) -> Self {
        let text = text.to_owned();
        Self::saying((!text.is_empty()).then_some(Remark::Verbatim { text }))
    }

    pub(super) fn judged(self, verdict: Verdict) -> Self {
        Self {
            verdict: Some(verdict),
            ..self
        }
    }

    pub(super) fn with(self, content: Content) -> Self {
        Self { content, ..self }
    }
}

/// As many entries as most objects have: there can be an object for each link.
const FEW: usize = 2;

impl ObjectPlan {
    pub(super) fn new(template: &'static Template, key: String) -> Self {
        Self {
            template,
            key,
            comment: String::new(),
            entries: Vec::with_capacity(FEW),
            known: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }

    /// The `url` object beside the attribute of a URL, for references: MISP relates objects, not attributes. Its key is the URL.
    pub fn of_url(url: &str) -> Self {
        let mut object = Self::new(Self::url_template(), url.to_owned());
        object.add_with("url", url, Extra::beside_attribute());
        object
    }

    pub fn url_template() -> &'static Template {
        Template::get("url")
    }

    /// Adds an attribute with the template's defaults.
    pub(super) fn add(&mut self, relation: &'static str, value: &str) {
        self.add_with(relation, value, Extra::default());
    }

    /// Adds an attribute. Ignores a duplicate, an empty value, and a relation that the template does not have.
    pub(super) fn add_with(&mut self, relation: &'static str, value: &str, extra: Extra) {
        let Some(rule) = self.template.relation(relation) else {
            return;
        };
        let value = value::normalise(&rule.r#type, value).into_owned();
        if value.is_empty() || !self.is_new(relation, &value) {
            return;
        }
        let by_type = rule.for_detection();
        let verdict = extra.verdict.filter(|_| by_type);
        let told = verdict.as_ref().filter(|verdict| verdict.is_told);
        let told = told.map(|verdict| verdict.why.clone());
        let judged = verdict.as_ref().map(|verdict| verdict.to_ids);
        let spec = AttributeSpec {
            r#type: &rule.r#type,
            category: rule.category(),
            to_ids: judged.or(extra.to_ids).unwrap_or(by_type),
            why: verdict.map(|verdict| verdict.why),
            disable_correlation: extra.disable_correlation.unwrap_or(rule.disable_correlation),
            remarks: extra.remarks.into_iter().chain(told).collect(),
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
