//! The `file` object of an attachment, with the `pe`, `elf` or `macho` objects of an executable.

use super::flag;
use super::object::{Content, Extra, ObjectPlan};
use super::{FileAction, NodeFile, comment};
use crate::domain::Remark;
use crate::file::{self, Executable, FileFacts};
use crate::misp::template::Template;

/// The objects of a file that is sent: its `file` object; for an executable also its `pe`, `elf` or `macho`
/// object and one for each section, in this order.
pub(super) fn decide(file: &NodeFile<'_>, action: &FileAction) -> Vec<ObjectPlan> {
    let facts = file::facts(file.bytes, file.name);
    let name = file.name.map(misp_name);
    let key = format!("{}\0{}", facts.sha256, name.as_deref().unwrap_or_default());
    let mut object = ObjectPlan::new(Template::get("file"), key.clone());
    object.comment = comment(&remarks(file));
    let harmless = *action != FileAction::Sample;
    let flagged = || Extra::default().judged(flag::of_file(!harmless && facts.size > 0));
    let opened = Extra {
        remarks: remarks(file),
        ..flagged()
    };
    object.add_with("filename", name.as_deref().unwrap_or_default(), opened);
    object.add("size-in-bytes", &facts.size.to_string());
    if facts.size == 0 {
        return vec![object];
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
    add_content(&mut object, &facts, &name, harmless);
    object.add("mimetype", &facts.mimetype);
    object.add_with("ssdeep", facts.ssdeep.as_deref().unwrap_or_default(), flagged());
    let mut objects = vec![object];
    if let Some(executable) = &facts.executable {
        add_executable(&mut objects, executable, harmless, &key);
    }
    objects
}

/// Where it lay, and the password that opened it.
fn remarks(file: &NodeFile<'_>) -> Vec<Remark> {
    let around = file.label.rsplit_once(" > ").filter(|_| file.inside.is_some());
    let place = around.map(|(around, _)| Remark::FoundInside {
        place: around.to_owned(),
    });
    let password = file.opened.and_then(|opened| opened.password.clone());
    let opened = password.map(|password| Remark::OpenedWithPassword { password });
    place.into_iter().chain(opened).collect()
}

/// Replaces `|`, which separates the parts of a composite value: MISP would lose what follows it.
fn misp_name(name: &str) -> String {
    name.replace('|', "_")
}

fn add_content(object: &mut ObjectPlan, facts: &FileFacts, name: &str, harmless: bool) {
    if harmless {
        let extra = Extra::default().judged(flag::of_file(false)).with(Content::File);
        object.add_with("attachment", name, extra);
    } else {
        let extra = Extra::default().judged(flag::of_file(true)).with(Content::ZippedFile);
        object.add_with("malware-sample", &format!("{name}|{}", facts.md5), extra);
    }
}

fn add_executable(objects: &mut Vec<ObjectPlan>, executable: &Executable, harmless: bool, key: &str) {
    let mut object = ObjectPlan::new(Template::get(executable.template), key.to_owned());
    for (relation, value) in &executable.fields {
        object.add_with(relation, value, Extra::default().judged(flag::of_file(!harmless)));
    }
    let section_template = Template::get(match executable.template {
        "pe" => "pe-section",
        "elf" => "elf-section",
        _ => "macho-section",
    });
    let mut sections = Vec::new();
    for (index, section) in executable.sections.iter().enumerate() {
        let mut part = ObjectPlan::new(section_template, format!("{key}\0{index}"));
        for (relation, value) in &section.fields {
            let is_hash = matches!(*relation, "md5" | "sha1" | "sha256" | "sha512" | "ssdeep");
            let is_quiet = !section.telling && is_hash;
            let extra = Extra {
                disable_correlation: is_quiet.then_some(true),
                ..Extra::default()
            };
            part.add_with(relation, value, extra.judged(flag::of_file(!is_quiet && !harmless)));
        }
        sections.push(part);
    }
    objects.push(object);
    objects.append(&mut sections);
}
