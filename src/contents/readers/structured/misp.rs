//! Events of MISP: the values of their attributes, those of objects too.

use serde_json::Value;

use crate::contents::Stated;

/// Events inside lists inside answers.
const DEEPEST: usize = 24;
/// Types whose values are no indicators, or only another's page.
const NO_INDICATORS: [&str; 5] = ["link", "attachment", "counter", "datetime", "uuid"];

/// All attributes of an event, of a list of them, or of an answer of a server.
pub(super) fn read(tree: &Value) -> Vec<Stated> {
    let mut values = Vec::new();
    walk(tree, 0, &mut values);
    values
}

fn walk(tree: &Value, depth: usize, values: &mut Vec<Stated>) {
    if depth >= DEEPEST {
        return;
    }
    match tree {
        Value::Array(list) => list.iter().for_each(|one| walk(one, depth + 1, values)),
        Value::Object(object) => {
            let of = |name: &str| object.get(name).and_then(Value::as_str);
            if let (Some(value), Some(kind)) = (of("value"), of("type"))
                && !NO_INDICATORS.contains(&kind)
            {
                values.push(Stated {
                    value: value.to_owned(),
                    r#type: kind.to_owned(),
                    category: of("category").unwrap_or_default().to_owned(),
                    comment: of("comment").unwrap_or_default().to_owned(),
                    to_ids: object.get("to_ids").and_then(Value::as_bool),
                });
            }
            for name in ["Event", "Attribute", "Object", "response", "ObjectAttribute"] {
                if let Some(inner) = object.get(name) {
                    walk(inner, depth + 1, values);
                }
            }
        }
        _ => {}
    }
}
