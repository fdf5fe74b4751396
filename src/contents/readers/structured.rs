//! Reports for machines: STIX 2, STIX 1, `OpenIOC`, events of MISP. Their values are read; their own ids, schemas and servers are not.

use serde_json::Value;

use super::{text, xml};
use crate::contents::{File, Inside, Reader, Trouble};

/// Reads them by what their first object or element says.
pub struct Structured;

/// Objects inside objects.
const DEEPEST: usize = 24;

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
        let kind = kind(file.bytes);
        let mut values = Vec::new();
        if kind == Some(Kind::Xml) {
            let wanted = |(name, _): &(String, String)| XML.contains(&&*name.to_ascii_lowercase());
            values.extend(
                xml::elements(&source)
                    .into_iter()
                    .filter(wanted)
                    .map(|(_, value)| value),
            );
        } else {
            let tree: Value = serde_json::from_str(&source).map_err(Trouble::broken)?;
            match kind {
                Some(Kind::Stix2) => stix(&tree, 0, &mut values),
                _ => misp(&tree, 0, &mut values),
            }
        }
        inside.text("", values.join("\n"));
        Ok(())
    }
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

/// Patterns of indicators, and the values of observables.
fn stix(tree: &Value, depth: usize, values: &mut Vec<String>) {
    const VALUES: [&str; 6] = [
        "value",
        "key",
        "subject",
        "account_login",
        "description",
        "serial_number",
    ];
    if depth >= DEEPEST {
        return;
    }
    match tree {
        Value::Array(list) => list.iter().for_each(|one| stix(one, depth + 1, values)),
        Value::Object(object) => {
            for (name, one) in object {
                match one {
                    Value::String(pattern) if name == "pattern" => in_pattern(pattern, values),
                    Value::String(value) if VALUES.contains(&name.as_str()) => values.push(value.clone()),
                    Value::Object(hashes) if name == "hashes" => {
                        values.extend(hashes.values().filter_map(Value::as_str).map(str::to_owned));
                    }
                    // What others wrote about it.
                    _ if name == "external_references" => {}
                    Value::Array(_) | Value::Object(_) => stix(one, depth + 1, values),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// What stands in quotes behind an equals sign or in a list: `[url:value = 'https://…' AND file:hashes.'SHA-256' = '…']`.
fn in_pattern(pattern: &str, values: &mut Vec<String>) {
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('\'') {
        let Some((value, behind)) = after.split_once('\'') else {
            return;
        };
        // The name of a hash stands in quotes as well.
        let before = before.trim_end();
        if before.ends_with(['=', '(', ',']) || before.ends_with("LIKE") || before.ends_with("MATCHES") {
            values.push(value.replace("\\\\", "\\"));
        }
        rest = behind;
    }
}

/// Values of attributes, those of objects too.
fn misp(tree: &Value, depth: usize, values: &mut Vec<String>) {
    const NO_INDICATORS: [&str; 5] = ["link", "attachment", "counter", "datetime", "uuid"];
    if depth >= DEEPEST {
        return;
    }
    match tree {
        Value::Array(list) => list.iter().for_each(|one| misp(one, depth + 1, values)),
        Value::Object(object) => {
            let of = |name: &str| object.get(name).and_then(Value::as_str);
            if let (Some(value), Some(kind)) = (of("value"), of("type"))
                && !NO_INDICATORS.contains(&kind)
            {
                // Two values in one.
                let pieces = if kind.contains('|') {
                    value.split('|').collect()
                } else {
                    vec![value]
                };
                values.extend(pieces.into_iter().map(str::to_owned));
            }
            for name in ["Event", "Attribute", "Object", "response", "ObjectAttribute"] {
                if let Some(inner) = object.get(name) {
                    misp(inner, depth + 1, values);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
#[path = "structured_tests.rs"]
mod tests;
