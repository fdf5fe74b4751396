//! A MISP for tests. It stores what it gets, unless the test's rule gives another reply.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::misp::client::script::{Reply, Request, Server};

/// Sees each request and its number first; `None` means the usual reply.
pub(super) type Rule = Box<dyn Fn(&Request, usize, &mut Shelf) -> Option<Reply> + Send>;

#[derive(Default)]
pub(super) struct Shelf {
    pub(super) events: HashMap<String, Value>,
    pub(super) refuse: Vec<String>,
    pub(super) listed: Vec<String>,
}

impl Shelf {
    /// Adds the lists of the event in `sent` to the stored event.
    pub(super) fn store(&mut self, sent: &Value, how_many: usize, is_edit: bool) -> Value {
        let uuid = sent["uuid"].as_str().unwrap().to_owned();
        let refuse = self.refuse.clone();
        let listed = if is_edit { Vec::new() } else { self.listed.clone() };
        let dropped = |item: &Value| refuse.iter().chain(&listed).any(|value| item["value"] == *value);
        let event = self
            .events
            .entry(uuid.clone())
            .or_insert_with(|| json!({"id": "7", "uuid": uuid, "published": false}));
        for list in ["Tag", "Attribute", "Object", "EventReport"] {
            let mut stored = event[list].as_array().cloned().unwrap_or_default();
            for item in sent[list]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|item| !dropped(item))
                .take(how_many)
            {
                let key = if list == "Tag" { "name" } else { "uuid" };
                let mut item = item.clone();
                if let Some(attributes) = item.get_mut("Attribute").and_then(Value::as_array_mut) {
                    attributes.retain(|item| !dropped(item));
                }
                let known: Vec<Value> = stored.iter().flat_map(|item| [item["uuid"].clone()]).collect();
                if let Some(references) = item.get_mut("ObjectReference").and_then(Value::as_array_mut) {
                    let all = sent["Attribute"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .chain(sent["Object"].as_array().into_iter().flatten());
                    let sent: Vec<Value> = all
                        .filter(|item| !dropped(item))
                        .map(|item| item["uuid"].clone())
                        .collect();
                    let old: Vec<Value> = event["Attribute"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .map(|item| item["uuid"].clone())
                        .collect();
                    references.retain(|one| {
                        [&known, &sent, &old]
                            .iter()
                            .any(|list| list.contains(&one["referenced_uuid"]))
                    });
                }
                match stored.iter_mut().find(|old| old[key] == item[key]) {
                    Some(old) if list == "Object" => *old = item,
                    Some(_) => {}
                    None => stored.push(item),
                }
            }
            event[list] = Value::Array(stored);
        }
        if is_edit {
            event["published"] = json!(false);
        }
        json!({"Event": event})
    }
}

pub(super) fn said(status: u16, words: &str) -> Reply {
    Reply::Json(status, json!({"name": words, "message": words, "url": "/"}))
}

pub(super) fn misp(shelf: Shelf, rule: Rule) -> (Server, Arc<Mutex<Shelf>>) {
    let shelf = Arc::new(Mutex::new(shelf));
    let shared = Arc::clone(&shelf);
    let server = Server::new(move |request, number| {
        let mut shelf = shared.lock().unwrap();
        rule(request, number, &mut shelf).unwrap_or_else(|| answer(request, &mut shelf))
    });
    (server, shelf)
}

fn answer(request: &Request, shelf: &mut Shelf) -> Reply {
    let last = request.line.rsplit('/').next().unwrap().to_owned();
    let find = |shelf: &Shelf| {
        shelf
            .events
            .values()
            .find(|event| event["uuid"] == *last || event["id"] == *last)
            .cloned()
    };
    match request.line.as_str() {
        "POST /events/add" => {
            let sent = request.json()["Event"].clone();
            if shelf.events.contains_key(sent["uuid"].as_str().unwrap()) {
                return said(
                    404,
                    "Event already exists, if you would like to edit it, use the url in the location header.",
                );
            }
            Reply::Json(200, shelf.store(&sent, usize::MAX, false))
        }
        "POST /warninglists/checkValue" => {
            let hit = |value: &Value| shelf.listed.iter().any(|listed| value == listed);
            let asked = request.json();
            let hits: serde_json::Map<String, Value> = asked
                .as_array()
                .unwrap()
                .iter()
                .filter(|value| hit(value))
                .map(|value| (value.as_str().unwrap().to_owned(), json!([{"name": "List of lists"}])))
                .collect();
            Reply::Json(
                200,
                if hits.is_empty() {
                    json!([])
                } else {
                    Value::Object(hits)
                },
            )
        }
        "POST /attributes/restSearch" => Reply::Json(200, json!({"response": {"Attribute": []}})),
        line if line.contains("/events/edit/") => {
            let sent = request.json()["Event"].clone();
            Reply::Json(200, shelf.store(&sent, usize::MAX, true))
        }
        line if line.contains("/events/publish/") => {
            shelf
                .events
                .values_mut()
                .for_each(|event| event["published"] = json!(true));
            Reply::Json(200, json!({"saved": true}))
        }
        line if line.starts_with("HEAD") => Reply::Page(if find(shelf).is_some() { 200 } else { 404 }, "", ""),
        _ => find(shelf).map_or_else(
            || said(404, "Invalid event"),
            |event| Reply::Json(200, json!({"Event": event})),
        ),
    }
}

pub(super) fn plain() -> Rule {
    Box::new(|_, _, _| None)
}
