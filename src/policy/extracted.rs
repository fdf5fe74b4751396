//! Decides about the `url` objects of links that stood in the attached files of a sample. MISP relates objects, not attributes, so
//! such a URL gets an object beside its attribute, and the event makes it refer to the file. The attribute has the IDS flag, so the
//! object has none. A report's lists are no such files: what they name is about others.

use hashbrown::{HashMap, HashSet};

use super::{Case, Node, NodePlan, Role};
use crate::indicator::Kind;

/// A URL and the file that it stood in.
#[derive(Clone, Debug)]
pub struct Extracted {
    pub url: Box<str>,
    /// Index into the nodes of the case.
    pub node: usize,
    /// Index into [`Node::files`].
    pub file: usize,
}

/// One for each URL that is sent, of files that are sent. `known` are those with a `url` object of their own already.
pub(super) fn decide(case: &Case, nodes: &[NodePlan], known: &HashSet<&str>) -> Vec<Extracted> {
    let mut extracted = Vec::new();
    let mut seen: HashSet<&str> = HashSet::new();
    for (index, (node, plan)) in case.nodes.iter().zip(nodes).enumerate() {
        if node.role != Role::Sample {
            continue;
        }
        let files = files_by_part(node);
        for (found, action) in node.indicators.iter().zip(&plan.actions) {
            let Some(file) = files.get(&*found.place.part).filter(|_| found.kind == Kind::Url) else {
                continue;
            };
            let is_sent = plan.files.get(*file).is_some_and(|plan| !plan.objects.is_empty());
            if is_sent && action.is_sent() && !known.contains(&*found.value) && seen.insert(&found.value) {
                extracted.push(Extracted {
                    url: found.value.as_str().into(),
                    node: index,
                    file: *file,
                });
            }
        }
    }
    extracted
}

/// For each part that finds may name, which of [`Node::files`] it is in.
fn files_by_part(node: &Node<'_>) -> HashMap<String, usize> {
    let mut parts = HashMap::new();
    for (index, file) in node.files().iter().enumerate() {
        for piece in file
            .opened
            .iter()
            .flat_map(|opened| opened.pieces.iter().map(|piece| opened.part(piece)))
        {
            parts.entry(piece).or_insert(index);
        }
    }
    parts
}
