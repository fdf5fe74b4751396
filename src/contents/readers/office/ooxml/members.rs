//! The members of a document's archive, and what each is for.

use std::collections::HashMap;
use std::io::Cursor;

use zip::ZipArchive;

use crate::contents::{Inside, Trouble};

/// Work for a member beside its bytes.
const PER_MEMBER: usize = 256;

/// What a member is read for.
pub enum Content {
    /// Paragraphs, at this place.
    Words(String),
    /// Settings that may run or load something.
    Other,
    /// A picture or a macro project: read, and no file of its own.
    Part,
    File,
}

pub struct Members<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Names with forward slashes, in the order of the archive.
    names: Vec<String>,
    by_name: HashMap<String, usize>,
}

impl<'a> Members<'a> {
    pub fn of(mut archive: ZipArchive<Cursor<&'a [u8]>>, inside: &mut Inside<'_>) -> Result<Self, Trouble> {
        let mut names = Vec::new();
        let mut by_name = HashMap::new();
        for index in 0..archive.len() {
            inside.step(PER_MEMBER)?;
            let entry = archive.by_index_raw(index).map_err(Trouble::broken)?;
            let name = String::from_utf8_lossy(entry.name_raw()).replace('\\', "/");
            let name = name.trim_start_matches('/').to_owned();
            by_name.insert(name.to_ascii_lowercase(), index);
            names.push(if entry.is_dir() { String::new() } else { name });
        }
        Ok(Self {
            archive,
            names,
            by_name,
        })
    }

    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The bytes of a member, empty if there is none of this name.
    pub fn read(&mut self, name: &str, inside: &mut Inside<'_>) -> Result<Vec<u8>, Trouble> {
        let Some(index) = self.by_name.get(&name.to_ascii_lowercase()) else {
            return Ok(Vec::new());
        };
        let entry = self.archive.by_index(*index).map_err(Trouble::broken)?;
        inside.unpack(entry)
    }

    pub fn unpack(&mut self, name: &str, inside: &mut Inside<'_>, is_part: bool) -> Result<(), Trouble> {
        inside.may_hold_files()?;
        let bytes = self.read(name, inside)?;
        if is_part {
            inside.part(Some(name), bytes)?;
        } else {
            inside.file(Some(name), bytes)?;
        }
        Ok(())
    }

    /// What there is to read beside sheets and relations.
    pub fn contents(&self) -> Vec<(String, Content)> {
        let with_content = self
            .names
            .iter()
            .filter_map(|name| Some((name.clone(), content(name)?)));
        with_content.collect()
    }
}

fn content(name: &str) -> Option<Content> {
    let lower = name.to_ascii_lowercase();
    let (folders, file) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let (stem, ending) = file.rsplit_once('.').unwrap_or((file, ""));
    let folder = folders.rsplit('/').next().unwrap_or_default();
    let is_ours = ["word/", "xl/", "ppt/", "visio/"]
        .iter()
        .any(|root| lower.starts_with(root));
    match (folder, ending) {
        ("", "") | ("docprops" | "customxml" | "_rels" | "theme" | "fonts" | "printersettings" | "package", _) => None,
        ("media", _) | ("embeddings" | "activex", "bin") => Some(Content::Part),
        ("embeddings", _) => Some(Content::File),
        (_, "bin") if stem.starts_with("vbaproject") => Some(Content::Part),
        // Pieces of other formats that are shown as part of the text.
        (_, "mht" | "mhtml" | "htm" | "html" | "rtf") => Some(Content::Part),
        (_, "bin" | "odttf" | "fntdata") if is_ours => None,
        (_, "xml" | "vml") if is_ours => by_stem(folder, stem),
        (_, "xml" | "rels" | "psdsxs" | "") => None,
        _ => Some(Content::File),
    }
}

fn by_stem(folder: &str, stem: &str) -> Option<Content> {
    let (kind, number) = stem.split_at(stem.trim_end_matches(|c: char| c.is_ascii_digit()).len());
    let name = match (folder, kind) {
        (_, "connections" | "externallink" | "querytable" | "settings" | "websettings" | "activex") => {
            return Some(Content::Other);
        }
        (_, kind) if NO_WORDS.contains(&kind) => return None,
        // Read by themselves, with their workbook.
        ("worksheets" | "macrosheets" | "chartsheets" | "dialogsheets", _)
        | ("diagrams", "colors" | "layout" | "quickstyle") => return None,
        ("word", "document") => return Some(Content::Words(String::new())),
        (_, "vmldrawing") => "drawing",
        (_, "notesslide") => "notes",
        (_, "threadedcomment") => "comments",
        (_, other) => other,
    };
    Some(Content::Words(format!("{name} {number}").trim_end().to_owned()))
}

/// Parts in which nothing is written by a person.
const NO_WORDS: [&str; 17] = [
    "styles",
    "styleswitheffects",
    "fonttable",
    "numbering",
    "presprops",
    "viewprops",
    "tablestyles",
    "calcchain",
    "sharedstrings",
    "workbook",
    "vbadata",
    "people",
    "commentauthors",
    "table",
    "metadata",
    "presentation",
    "person",
];
