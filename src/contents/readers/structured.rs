//! Reports for machines: STIX 2, STIX 1, `OpenIOC`, events of MISP. Their values are read; their own ids, schemas and servers are not.

mod misp;
mod stix;

use serde_json::Value;

use super::{text, xml};
use crate::contents::{File, Inside, Reader, Trouble};

/// Reads them by what their first object or element says.
pub struct Structured;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Stix2,
    Misp,
    Xml,
}

fn kind(bytes: &[u8]) -> Option<Kind> {
    let head = bytes.get(..4096).unwrap_or(bytes);
    let has = |words: &str| memchr::memmem::find(head, words.as_bytes()).is_some();
    let first = head.trim_ascii_start().first().copied();
    match first {
        Some(b'{' | b'[') if has("\"bundle\"") && has("\"objects\"") || has("\"spec_version\"") => Some(Kind::Stix2),
        Some(b'{' | b'[') if has("\"Event\"") || has("\"Attribute\"") => Some(Kind::Misp),
        Some(b'<' | 0xef) if has("stix:STIX_Package") || has("openioc.org") || has("mandiant.com") || has("cybox") => {
            Some(Kind::Xml)
        }
        _ => None,
    }
}

impl Reader for Structured {
    fn reads(&self, file: &File<'_>) -> bool {
        let is_text = file.mimetype.starts_with("text/") || file.mimetype == "application/json";
        is_text && kind(file.bytes).is_some()
    }

    fn read(&self, file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        // A tree of values takes several times the text.
        inside.claim(file.bytes.len())?;
        let source = text::decode(file.bytes).ok_or_else(|| Trouble::broken("no text"))?;
        match kind(file.bytes) {
            Some(Kind::Xml) => {
                let wanted = |(name, _): &(String, String)| XML.contains(&&*name.to_ascii_lowercase());
                let values = xml::elements(&source)
                    .into_iter()
                    .filter(wanted)
                    .map(|(_, value)| value);
                inside.text("", values.collect::<Vec<_>>().join("\n"));
            }
            Some(Kind::Stix2) => {
                let report = stix::read(&tree(&source)?);
                inside.stated(report.values);
                inside.text("descriptions", report.texts.join("\n"));
            }
            Some(Kind::Misp) => inside.stated(misp::read(&tree(&source)?)),
            None => {}
        }
        Ok(())
    }
}

fn tree(source: &str) -> Result<Value, Trouble> {
    serde_json::from_str(source).map_err(Trouble::broken)
}

/// Elements of STIX 1 and `OpenIOC` that hold a value, and those that people read.
const XML: [&str; 10] = [
    "content",
    "address_value",
    "value",
    "simple_hash_value",
    "file_name",
    "hostname_value",
    "url_value",
    "description",
    "short_description",
    "key",
];

#[cfg(test)]
#[path = "structured_tests.rs"]
mod tests;
