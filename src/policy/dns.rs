//! Decides about DNS answers. They explain a name and never get the IDS flag.

use std::net::IpAddr;

use super::object::{Extra, ObjectPlan};
use super::{Action, Case, NodePlan};
use crate::domain::Remark;
use crate::misp::template::Template;

/// A `domain-ip` object for each name that was resolved.
pub(super) fn decide(case: &Case, nodes: &[NodePlan]) -> Vec<ObjectPlan> {
    let answers = case.knowledge.dns.iter().filter(|(_, addresses)| !addresses.is_empty());
    answers
        .map(|(host, addresses)| of_host(host, addresses, is_domain(case, nodes, host)))
        .collect()
}

/// Whether the name is sent as `domain`, not as `hostname`.
fn is_domain(case: &Case, nodes: &[NodePlan], host: &str) -> bool {
    let decided = case
        .nodes
        .iter()
        .zip(nodes)
        .flat_map(|(node, plan)| node.indicators.iter().zip(&plan.actions));
    let mut sent = decided.filter(|(found, _)| found.value == host);
    sent.any(|(_, action)| matches!(action, Action::Add(spec) if spec.r#type == "domain"))
}

fn of_host(host: &str, addresses: &[IpAddr], is_domain: bool) -> ObjectPlan {
    let mut object = ObjectPlan::new(Template::get("domain-ip"), host.to_owned());
    let quiet = |remark| Extra {
        to_ids: Some(false),
        ..Extra::saying(remark)
    };
    object.add_with(if is_domain { "domain" } else { "hostname" }, host, quiet(None));
    for address in addresses {
        object.add_with("ip", &address.to_string(), quiet(Some(Remark::DnsAnswer)));
    }
    object
}
