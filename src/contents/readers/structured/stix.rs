//! STIX 2: patterns of indicators, the values of observables, and what is written about both for people.

use serde_json::{Map, Value};

use crate::contents::Stated;

/// Objects inside objects.
const DEEPEST: usize = 24;

/// What a bundle holds.
#[derive(Default)]
pub(super) struct Report {
    pub values: Vec<Stated>,
    /// Descriptions, for people.
    pub texts: Vec<String>,
}

/// The object and property of STIX that holds such a value, and MISP's type of it.
const TYPES: [(&str, &str, &str); 19] = [
    ("url", "value", "url"),
    ("domain-name", "value", "domain"),
    ("ipv4-addr", "value", "ip-dst"),
    ("ipv6-addr", "value", "ip-dst"),
    ("network-traffic", "src_ref.value", "ip-src"),
    ("network-traffic", "dst_ref.value", "ip-dst"),
    ("email-addr", "value", "email"),
    ("email-message", "from_ref.value", "email-src"),
    ("email-message", "sender_ref.value", "email-src"),
    ("email-message", "subject", "email-subject"),
    ("file", "name", "filename"),
    ("mutex", "name", "mutex"),
    ("mac-addr", "value", "mac-address"),
    ("windows-registry-key", "key", "regkey"),
    ("autonomous-system", "number", "AS"),
    ("x509-certificate", "hashes.SHA-1", "x509-fingerprint-sha1"),
    ("x509-certificate", "hashes.SHA-256", "x509-fingerprint-sha256"),
    ("user-account", "account_login", ""),
    ("x509-certificate", "serial_number", ""),
];

pub(super) fn read(tree: &Value) -> Report {
    let mut report = Report::default();
    walk(tree, 0, &mut report);
    report
}

fn walk(tree: &Value, depth: usize, report: &mut Report) {
    if depth >= DEEPEST {
        return;
    }
    match tree {
        Value::Array(list) => list.iter().for_each(|one| walk(one, depth + 1, report)),
        Value::Object(object) => {
            let of = |name: &str| object.get(name).and_then(Value::as_str);
            if let Some(pattern) = of("pattern") {
                in_pattern(pattern, &about(object), report);
            }
            if let Some(description) = of("description") {
                report.texts.push(description.to_owned());
            }
            if let Some(kind) = of("type") {
                observable(kind, object, report);
            }
            // What others wrote about it is no part of the report.
            let inner = object.iter().filter(|(name, _)| *name != "external_references");
            inner.for_each(|(_, one)| walk(one, depth + 1, report));
        }
        _ => {}
    }
}

/// What the author says of an indicator.
fn about(object: &Map<String, Value>) -> String {
    let words = ["name", "description"].map(|name| object.get(name).and_then(Value::as_str).unwrap_or_default().trim());
    let filled: Vec<&str> = words.into_iter().filter(|words| !words.is_empty()).collect();
    filled.join(": ")
}

fn observable(kind: &str, object: &Map<String, Value>, report: &mut Report) {
    for (_, property, r#type) in TYPES.iter().filter(|(of, ..)| *of == kind) {
        let value = match object.get(*property) {
            Some(Value::String(value)) => value.clone(),
            Some(Value::Number(number)) => format!("AS{number}"),
            _ => continue,
        };
        report.values.push(Stated {
            value,
            r#type: (*r#type).to_owned(),
            ..Stated::default()
        });
    }
    if let Some(Value::Object(hashes)) = object.get("hashes") {
        let hashes = hashes.iter().filter_map(|(name, hash)| Some((name, hash.as_str()?)));
        report.values.extend(hashes.map(|(name, hash)| Stated {
            value: hash.to_owned(),
            r#type: type_of(kind, &format!("hashes.{name}")).to_owned(),
            ..Stated::default()
        }));
    }
}

fn type_of(object: &str, property: &str) -> &'static str {
    let fits = |(of, its, _): &&(&str, &str, &str)| *of == object && *its == property;
    TYPES.iter().find(fits).map_or("", |(.., r#type)| *r#type)
}

/// What stands in quotes behind an equals sign or in a list: `[url:value = 'https://…' AND file:hashes.'SHA-256' = '…']`.
fn in_pattern(pattern: &str, comment: &str, report: &mut Report) {
    let mut rest = pattern;
    // The path that the comparison names, of which a part may be in quotes.
    let mut path = String::new();
    while let Some((before, after)) = rest.split_once('\'') {
        let Some((quoted, behind)) = after.split_once('\'') else {
            return;
        };
        rest = behind;
        let before = before.trim_end();
        let is_value = before.ends_with(['=', '(', ',']) || before.ends_with("LIKE") || before.ends_with("MATCHES");
        let words = before
            .rsplit(['[', ']', ' '])
            .find(|word| word.contains(':') || word.starts_with('.'));
        if let Some(word) = words {
            if word.contains(':') {
                path.clear();
            }
            path.push_str(word);
        }
        if !is_value {
            path.push_str(quoted);
            continue;
        }
        let r#type = path
            .split_once(':')
            .map_or("", |(object, property)| type_of(object, property));
        report.values.push(Stated {
            value: quoted.replace("\\\\", "\\"),
            r#type: r#type.to_owned(),
            comment: comment.to_owned(),
            ..Stated::default()
        });
    }
}
