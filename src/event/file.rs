//! The `file` object of an attachment, with the `pe`, `elf` or `macho` objects of an executable.

use uuid::Uuid;

use super::object::{Extra, ObjectBuilder};
use crate::domain::Skipped;
use crate::file::{self, Executable, FileFacts, sample};
use crate::mail::Attachment;
use crate::misp::template::Template;

/// Whether the bytes are taken for malware.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Danger {
    /// Zipped with the password `infected`, hashes flagged for detection.
    Sample,
    /// A plain attachment whose hashes are recorded without the flag.
    Benign,
}

/// The objects of one attachment: the first is the `file` object, which refers to the others.
pub fn build(attachment: &Attachment, danger: Danger, event: Uuid) -> (Vec<ObjectBuilder>, Vec<Skipped>) {
    let facts = file::facts(&attachment.bytes, attachment.name.as_deref());
    let name = attachment.name.as_deref().map(misp_name);
    let key = format!("{}\0{}", facts.sha256, name.as_deref().unwrap_or_default());
    let mut object = ObjectBuilder::new(Template::get("file"), event, &key);
    let to_ids = (danger == Danger::Benign || facts.size == 0).then_some(false);
    let flagged = || Extra {
        to_ids,
        ..Extra::default()
    };
    object.add_with("filename", name.as_deref().unwrap_or_default(), flagged());
    object.add("size-in-bytes", &facts.size.to_string());
    if facts.size == 0 {
        return (vec![object], Vec::new());
    }
    object.add("entropy", &facts.entropy.to_string());
    for (relation, hash) in [
        ("md5", &facts.md5),
        ("sha1", &facts.sha1),
        ("sha256", &facts.sha256),
        ("sha512", &facts.sha512),
    ] {
        object.add_with(relation, hash, flagged());
    }
    let name = name.unwrap_or_else(|| facts.md5.clone());
    let refused = add_content(&mut object, attachment, &facts, &name, danger);
    object.add("mimetype", &facts.mimetype);
    object.add_with("ssdeep", facts.ssdeep.as_deref().unwrap_or_default(), flagged());
    let mut objects = vec![object];
    if let Some(executable) = &facts.executable {
        add_executable(&mut objects, executable, danger, event, &key);
    }
    (objects, refused)
}

/// Name as MISP keeps it: `|` parts a composite value, and what stands behind it would be lost.
fn misp_name(name: &str) -> String {
    name.replace('|', "_")
}

fn add_content(
    object: &mut ObjectBuilder,
    attachment: &Attachment,
    facts: &FileFacts,
    name: &str,
    danger: Danger,
) -> Vec<Skipped> {
    if danger == Danger::Benign {
        let data = Some(attachment.bytes.clone());
        object.add_with(
            "attachment",
            name,
            Extra {
                to_ids: Some(false),
                data,
                ..Extra::default()
            },
        );
        return Vec::new();
    }
    let value = format!("{name}|{}", facts.md5);
    match sample::zip(&attachment.bytes, &facts.md5, name) {
        Ok(data) => {
            object.add_with(
                "malware-sample",
                &value,
                Extra {
                    data: Some(data),
                    ..Extra::default()
                },
            );
            Vec::new()
        }
        Err(error) => vec![Skipped {
            r#type: "malware-sample".to_owned(),
            value,
            reason: error.to_string(),
        }],
    }
}

fn add_executable(objects: &mut Vec<ObjectBuilder>, executable: &Executable, danger: Danger, event: Uuid, key: &str) {
    let harmless = (danger == Danger::Benign).then_some(false);
    let format_name = executable.template.to_uppercase();
    let mut object = ObjectBuilder::new(Template::get(executable.template), event, key);
    for (relation, value) in &executable.fields {
        let to_ids = harmless;
        object.add_with(
            relation,
            value,
            Extra {
                to_ids,
                ..Extra::default()
            },
        );
    }
    let section_template = Template::get(match executable.template {
        "pe" => "pe-section",
        "elf" => "elf-section",
        _ => "macho-section",
    });
    let mut sections = Vec::new();
    for (index, section) in executable.sections.iter().enumerate() {
        let mut part = ObjectBuilder::new(section_template, event, &format!("{key}\0{index}"));
        for (relation, value) in &section.fields {
            let is_hash = matches!(*relation, "md5" | "sha1" | "sha256" | "sha512" | "ssdeep");
            let quiet = (!section.telling && is_hash).then_some(false);
            let extra = Extra {
                to_ids: quiet.or(harmless),
                disable_correlation: quiet.map(|_| true),
                ..Extra::default()
            };
            part.add_with(relation, value, extra);
        }
        object.refer(part.uuid(), "includes", &format!("Section {index} of {format_name}"));
        sections.push(part);
    }
    if let Some(file) = objects.first_mut() {
        file.refer(object.uuid(), "includes", &format!("{format_name} indicators"));
    }
    objects.push(object);
    objects.append(&mut sections);
}
