//! Decides about the objects of redirectors. MISP relates objects, not attributes, so a redirector gets a `url` object beside
//! its attribute, and the event makes the object refer to the target. The attribute has the IDS flag, so the object has none.

use std::sync::Arc;

use hashbrown::{HashMap, HashSet};

use super::{Action, AttributeSpec, Case, NodePlan};
use crate::indicator::{Indicator, Kind};

/// A redirector and its target, which are both sent. Of redirectors in redirectors each is the target of another.
#[derive(Clone, Debug)]
pub struct Redirect {
    /// The URL of the redirector, as it is sent.
    pub url: Arc<str>,
    /// The attribute of its target: type, and value as it is sent.
    pub target: (&'static str, Arc<str>),
}

/// One for each redirector that is sent with its target.
pub(super) fn decide(case: &Case, nodes: &[NodePlan]) -> Vec<Redirect> {
    let decided = || {
        let nodes = case.nodes.iter().zip(nodes);
        nodes.flat_map(|(node, plan)| node.indicators.iter().zip(&plan.actions))
    };
    let wanted: HashSet<&str> = decided()
        .filter_map(|(found, _)| found.redirects_to.as_deref())
        .collect();
    let sent: HashMap<&str, (&'static str, Arc<str>)> = decided()
        .filter(|(found, _)| found.kind == Kind::Url && wanted.contains(found.value.as_str()))
        .filter_map(|(found, action)| {
            let (kind, value) = as_sent(found, action)?;
            Some((found.value.as_str(), (kind, value.into())))
        })
        .collect();
    let mut known = HashSet::new();
    let redirects = decided().filter_map(|(found, action)| {
        let target = sent.get(found.redirects_to.as_deref()?)?.clone();
        let (_, value) = as_sent(found, action)?;
        known.insert(value).then(|| {
            let own = sent
                .get(found.value.as_str())
                .map(|(_, url)| url)
                .filter(|url| ***url == *value);
            Redirect {
                url: own.map_or_else(|| value.into(), Arc::clone),
                target,
            }
        })
    });
    redirects.collect()
}

/// Type and value of the attribute that a find becomes.
fn as_sent<'a>(found: &'a Indicator, action: &'a Action) -> Option<(&'static str, &'a str)> {
    let of = |spec: &'a AttributeSpec| (spec.r#type, spec.sent(&found.value));
    match action {
        Action::Add(spec) | Action::Link(spec) => Some(of(spec)),
        Action::Skip(_) => None,
    }
}
