//! Decides about the objects of pages that a sample wants its reader to open (`event.phishing`). The attribute of the URL has the IDS
//! flag, so the object has none.

use std::collections::HashSet;
use std::net::IpAddr;

use super::object::{Extra, ObjectPlan};
use super::{Action, Case, NodePlan, Role};
use crate::domain::FoundAs;
use crate::indicator::{Indicator, Kind};
use crate::misp::template::Template;

/// More pages than that are no trap for one reader.
const MOST: usize = 100;

/// One for each URL of a sample that is for detection and that a reader opens, each once.
pub(super) fn decide(case: &Case, nodes: &[NodePlan]) -> Vec<ObjectPlan> {
    let samples = case
        .nodes
        .iter()
        .zip(nodes)
        .filter(|(node, _)| node.role == Role::Sample);
    let decided = samples.flat_map(|(node, plan)| node.indicators.iter().zip(&plan.actions));
    let mut known = HashSet::new();
    let pages = decided.filter_map(|(found, action)| {
        let value = as_flagged(found, action)?;
        (is_opened(found) && known.insert(value)).then(|| of_page(value, found))
    });
    pages.take(MOST).collect()
}

fn is_opened(found: &Indicator) -> bool {
    found.kind == Kind::Url
        && matches!(
            found.found_as,
            FoundAs::Link | FoundAs::Form | FoundAs::Redirect | FoundAs::Code
        )
}

/// The value of the attribute that a find becomes, if that has the IDS flag.
fn as_flagged<'a>(found: &'a Indicator, action: &'a Action) -> Option<&'a str> {
    match action {
        Action::Add(spec) if spec.to_ids => Some(spec.sent(&found.value)),
        _ => None,
    }
}

fn of_page(value: &str, found: &Indicator) -> ObjectPlan {
    let mut object = ObjectPlan::new(Template::get("phishing"), value.to_owned());
    let mut add = |relation, value: &str| {
        object.add_with(relation, value, Extra::beside_attribute());
    };
    add("url", value);
    if let Some(host) = found.url_host.as_deref() {
        let is_address = host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
        add(if is_address { "ip" } else { "hostname" }, host);
    }
    if let Some(target) = found.redirects_to.as_deref() {
        add("url-redirect", target);
    }
    object
}
