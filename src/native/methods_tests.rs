use std::collections::BTreeSet;

use super::*;

const SCHEMA: &str = include_str!("../../protocol/protocol.schema.json");
const PAGES: &str = include_str!("../../extension/src/background/methods.js");

fn names(is_wanted: impl Fn(&Method) -> bool) -> BTreeSet<&'static str> {
    METHODS
        .iter()
        .filter(|method| is_wanted(method))
        .map(|method| method.name)
        .collect()
}

#[test]
fn the_table_and_the_schema_have_the_same_methods() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let described: BTreeSet<_> = schema["methods"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(names(|_| true), described);
    assert_eq!(METHODS.len(), described.len());
}

/// Only the extension's background hands messages over, joins and sends them. Its pages may call everything else.
#[test]
fn pages_may_call_what_the_background_does_not_keep_for_itself() {
    let list = PAGES
        .split_once("OF_HOST = new Set([")
        .unwrap()
        .1
        .split_once(']')
        .unwrap()
        .0;
    let listed: BTreeSet<_> = list.split('"').skip(1).step_by(2).collect();
    assert_eq!(
        names(|method| method.lane != Lane::AtOnce && !["join", "send"].contains(&method.name)),
        listed
    );
}
