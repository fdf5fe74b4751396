//! Makes one object by its MISP template: the template gives each attribute its type, category and flags.

use std::borrow::Cow;
use std::collections::HashSet;

use uuid::Uuid;

use crate::domain::Skipped;
use crate::event::derive;
use crate::event::without_four_byte;
use crate::misp::event::{Attribute, Data, Object, Reference};
use crate::misp::template::Template;
use crate::misp::{attribute_type, value};

/// An object in the making. Values that MISP would refuse end in [`ObjectBuilder::refused`] instead of the object.
pub struct ObjectBuilder {
    template: &'static Template,
    object: Object,
    /// Uuids of its attributes and references: each follows from content, so the same content is there once.
    known: HashSet<Uuid>,
    refused: Vec<Skipped>,
}

/// What an attribute of an object has beside its relation and value.
#[derive(Default)]
pub struct Extra<'a> {
    /// For the analyst.
    pub comment: &'a str,
    /// `Some` overrules the default of template and type.
    pub to_ids: Option<bool>,
    /// `Some` overrules the template.
    pub disable_correlation: Option<bool>,
    /// Content of an attachment or sample.
    pub data: Option<Vec<u8>>,
}

impl ObjectBuilder {
    /// Begins an object of the named template; `key` tells it from other objects of the event.
    pub fn new(template: &'static Template, event: Uuid, key: &str) -> Self {
        let object = Object {
            uuid: derive::below(event, &["object", &template.name, key]),
            name: template.name.to_string(),
            meta_category: template.meta_category.to_string(),
            description: template.description.clone(),
            template_uuid: template.uuid.to_string(),
            template_version: template.version.to_string(),
            distribution: "5".to_owned(),
            ..Object::default()
        };
        Self {
            template,
            object,
            known: HashSet::new(),
            refused: Vec::new(),
        }
    }

    /// The object's uuid.
    pub fn uuid(&self) -> Uuid {
        self.object.uuid
    }

    /// Adds an attribute with the template's defaults.
    pub fn add(&mut self, relation: &str, value: &str) {
        self.add_with(relation, value, Extra::default());
    }

    /// Adds an attribute. The same relation and value twice is one; an empty value is none.
    pub fn add_with(&mut self, relation: &str, value: &str, extra: Extra<'_>) {
        let Some(rule) = self.template.relation(relation) else {
            return;
        };
        let value = value::normalise(&rule.r#type, &without_four_byte(value));
        let uuid = derive::below(self.object.uuid, &[relation, &rule.r#type, &value]);
        if value.is_empty() || !self.known.insert(uuid) {
            return;
        }
        let category = rule.category();
        if let Err(reason) = attribute_type::check(&rule.r#type, category, &value) {
            self.refused.push(Skipped {
                r#type: rule.r#type.to_string(),
                value,
                reason,
            });
            return;
        }
        self.object.attributes.push(Attribute {
            uuid,
            object_relation: Some(Cow::Owned(relation.to_owned())),
            r#type: rule.r#type.clone(),
            category: Cow::Borrowed(category),
            value,
            to_ids: extra.to_ids.unwrap_or_else(|| rule.for_detection()),
            disable_correlation: extra.disable_correlation.unwrap_or(rule.disable_correlation),
            comment: without_four_byte(extra.comment).into_owned(),
            data: extra.data.map(|bytes| Box::new(Data(bytes))),
            ..Attribute::default()
        });
    }

    /// Adds a relation to another object or to an attribute.
    pub fn refer(&mut self, to: Uuid, relationship: &str, comment: &str) {
        let uuid = derive::below(self.object.uuid, &["reference", &to.to_string(), relationship]);
        if !self.known.insert(uuid) {
            return;
        }
        self.object.references.push(Reference {
            uuid,
            object_uuid: self.object.uuid,
            referenced_uuid: to,
            relationship_type: relationship.to_owned(),
            comment: comment.to_owned(),
        });
    }

    /// The object, or `None` when nothing is in it (MISP drops such), and what was refused.
    pub fn finish(self) -> (Option<Object>, Vec<Skipped>) {
        let object = (!self.object.attributes.is_empty()).then_some(self.object);
        (object, self.refused)
    }
}
