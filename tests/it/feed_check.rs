//! Checks whether MISP can pull everything from a feed folder. The rules were measured with MISP 2.5.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use serde_json::Value;
use uuid::Uuid;

/// A sentence for each fault of the feed in `folder`.
pub fn check(folder: &Path) -> Vec<String> {
    let mut wrong = Vec::new();
    let manifest = match load(&folder.join("manifest.json")) {
        Ok(Value::Object(manifest)) => manifest,
        Ok(_) => return vec!["manifest.json is no JSON object".to_owned()],
        Err(reason) => return vec![reason],
    };
    let hashes = fs::read_to_string(folder.join("hashes.csv")).unwrap_or_default();
    let with_hashes: HashSet<&str> = hashes
        .lines()
        .filter_map(|line| line.split_once(','))
        .map(|(_, uuid)| uuid)
        .collect();
    for (uuid, entry) in &manifest {
        let mut say = |what: &str| wrong.push(format!("{uuid}: {what}"));
        if Uuid::parse_str(uuid)
            .map(|parsed| parsed.hyphenated().to_string())
            .ok()
            .as_ref()
            != Some(uuid)
        {
            say("is no uuid in lower case");
        }
        match load(&folder.join(format!("{uuid}.json"))) {
            Ok(file) => check_event(&file, uuid, entry, with_hashes.contains(uuid.as_str()), &mut say),
            Err(reason) => say(&reason),
        }
    }
    wrong
}

fn load(path: &Path) -> Result<Value, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    if text.starts_with('\u{FEFF}') || text.chars().any(|char| char.len_utf8() > 3) {
        return Err(format!(
            "{} has a byte order mark or a character of four bytes",
            path.display()
        ));
    }
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

fn check_event(file: &Value, uuid: &str, entry: &Value, hashed: bool, say: &mut impl FnMut(&str)) {
    let event = &file["Event"];
    let number = |value: &Value| value.as_i64().or_else(|| value.as_str()?.parse().ok());
    if event["uuid"] != uuid {
        say("another uuid is in its file");
    }
    if text(event, "info").is_empty() {
        say("has no title");
    }
    if event["published"] != true {
        say("is not published");
    }
    if number(&event["timestamp"]).is_none() || number(&event["timestamp"]) != number(&entry["timestamp"]) {
        say("has another timestamp in its file than in the manifest");
    }
    if text(&event["Orgc"], "name").is_empty() || event["Orgc"] != entry["Orgc"] {
        say("has no organisation, or another one in its file than in the manifest");
    }
    let mut attributes: Vec<&Value> = list(event, "Attribute").collect();
    for object in list(event, "Object") {
        if ["uuid", "name", "meta-category", "template_uuid"]
            .iter()
            .any(|key| text(object, key).is_empty())
        {
            say("has an object that MISP drops");
        }
        if list(object, "Attribute").any(|attribute| text(attribute, "object_relation").is_empty()) {
            say("has an object attribute without relation");
        }
        if list(object, "ObjectReference").any(|reference| text(reference, "referenced_uuid").is_empty()) {
            say("has a reference to nothing");
        }
        attributes.extend(list(object, "Attribute"));
    }
    if attributes
        .iter()
        .any(|one| ["uuid", "type", "value"].iter().any(|key| text(one, key).is_empty()))
    {
        say("has an attribute that MISP drops");
    }
    if !attributes.is_empty() && !hashed {
        say("is not in hashes.csv");
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}
