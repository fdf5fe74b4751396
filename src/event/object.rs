//! Gives a decided object its shape in the event: uuids that follow from content, files, references.

use std::borrow::Cow;

use hashbrown::HashSet;
use uuid::Uuid;

use super::derive;
use crate::contents::{Piece, What};
use crate::domain::{Reason, Skipped};
use crate::file::sample::{self, SampleError};
use crate::mail::Mail;
use crate::misp::event::{Attribute, Data, Object, Reference};
use crate::misp::template::Template;
use crate::policy::{Action, Content, Entry, ObjectPlan};

pub struct ObjectBuilder {
    object: Object,
    /// Uuids of its references, to add each once.
    referred: HashSet<Uuid>,
    refused: Vec<Skipped>,
}

/// The sources of the files that an object's attributes carry.
#[derive(Clone, Copy)]
pub struct Files<'a> {
    /// The mail that the object describes.
    pub mail: Option<&'a Mail>,
    /// The message that the mail was read from.
    pub original: Option<&'a [u8]>,
    /// The file that the object describes.
    pub file: Option<&'a [u8]>,
    /// What was read in that file.
    pub pieces: &'a [Piece],
}

impl Files<'_> {
    /// For objects whose attributes carry no files.
    pub const NONE: Self = Self {
        mail: None,
        original: None,
        file: None,
        pieces: &[],
    };

    fn of(&self, entry: &Entry) -> Result<Option<Vec<u8>>, SampleError> {
        let bytes = match entry.content {
            Content::None => None,
            Content::Body(index) => {
                let body = self.mail.and_then(|mail| mail.bodies.get(index));
                body.map(|body| body.source.as_deref().unwrap_or(&body.text).as_bytes())
            }
            Content::File => self.file,
            Content::Piece(index) => self.pieces.get(index).and_then(bytes_of),
            Content::Original => self.original,
            Content::ZippedFile => {
                let (name, md5) = entry.value.split_once('|').unwrap_or((&entry.value, ""));
                return self.file.map(|bytes| sample::zip(bytes, md5, name)).transpose();
            }
            Content::ZippedOriginal => {
                let zip = |bytes| sample::zip_plain_name(bytes, "mail.eml");
                return self.original.map(zip).transpose();
            }
        };
        Ok(bytes.map(<[u8]>::to_vec))
    }
}

/// What an attribute carries of a piece.
fn bytes_of(piece: &Piece) -> Option<&[u8]> {
    match &piece.what {
        What::Text { text, .. } => Some(text.as_bytes()),
        What::Code(code) => code.drawn.as_deref(),
        _ => None,
    }
}

impl ObjectBuilder {
    /// The uuid that an object of this template has in an event.
    pub fn uuid_of(event: Uuid, template: &Template, key: &str) -> Uuid {
        derive::below(event, &["object", &template.name, key])
    }

    /// Makes the object of a plan. [`ObjectBuilder::finish`] returns what is not sent of it.
    pub fn new(plan: ObjectPlan, event: Uuid, files: Files<'_>) -> Self {
        let template = plan.template;
        let object = Object {
            uuid: Self::uuid_of(event, template, &plan.key),
            name: Cow::Borrowed(&template.name),
            meta_category: Cow::Borrowed(&template.meta_category),
            description: Cow::Borrowed(&template.description),
            template_uuid: Cow::Borrowed(&template.uuid),
            template_version: template.version.to_string(),
            comment: plan.comment,
            distribution: "5".into(),
            ..Object::default()
        };
        let mut builder = Self {
            object,
            referred: HashSet::new(),
            refused: Vec::new(),
        };
        builder.object.attributes.reserve_exact(plan.entries.len());
        for entry in plan.entries {
            let r#type = template.type_of(entry.relation);
            builder.add(entry, r#type, files);
        }
        builder
    }

    fn add(&mut self, entry: Entry, r#type: &'static str, files: Files<'_>) {
        let made = match &entry.action {
            Action::Skip(reason) => Err(reason.clone()),
            Action::Add(spec) | Action::Link(spec) => {
                files
                    .of(&entry)
                    .map(|data| (spec, data))
                    .map_err(|error| Reason::NotZipped {
                        error: error.to_string(),
                    })
            }
        };
        match made {
            Ok((spec, data)) => self.object.attributes.push(Attribute {
                uuid: derive::below(self.object.uuid, &[entry.relation, r#type, &entry.value]),
                object_relation: Some(Cow::Borrowed(entry.relation)),
                r#type: r#type.into(),
                category: spec.category.into(),
                to_ids: spec.to_ids,
                disable_correlation: spec.disable_correlation,
                comment: spec.comment(),
                data: data.map(|bytes| Box::new(Data(bytes))),
                value: entry.value,
                ..Attribute::default()
            }),
            Err(reason) => self.refused.push(Skipped {
                r#type: r#type.to_owned(),
                value: entry.value,
                reason: reason.into(),
            }),
        }
    }

    /// About how many bytes it takes in JSON, when each attribute takes `form` beside its texts.
    pub fn size(&self, form: usize) -> usize {
        let attributes = self.object.attributes.iter().map(|attribute| {
            let data = attribute.data.as_ref().map_or(0, |data| data.0.len() / 3 * 4);
            form + attribute.value.len() + attribute.comment.len() + data
        });
        form + self.object.comment.len() + attributes.sum::<usize>()
    }

    pub fn uuid(&self) -> Uuid {
        self.object.uuid
    }

    /// Adds a reference to another object or to an attribute.
    pub fn refer(&mut self, to: Uuid, relationship: &str, comment: &str) {
        let uuid = derive::below(self.object.uuid, &["reference", &to.to_string(), relationship]);
        if !self.referred.insert(uuid) {
            return;
        }
        if self.object.references.is_empty() {
            // Most objects have one.
            self.object.references.reserve_exact(1);
        }
        self.object.references.push(Reference {
            uuid,
            object_uuid: self.object.uuid,
            referenced_uuid: to,
            relationship_type: relationship.to_owned(),
            comment: comment.to_owned(),
        });
    }

    /// The object, or `None` if it is empty, since MISP drops empty objects; and what was refused.
    pub fn finish(self) -> (Option<Object>, Vec<Skipped>) {
        let object = (!self.object.attributes.is_empty()).then_some(self.object);
        (object, self.refused)
    }
}
