//! The default entries of the lists of hosts: a table of `data/` for each.

pub(super) const EXCLUDED: &[&str] = include!(concat!(env!("OUT_DIR"), "/hosts.exclude.rs"));
pub(super) const ANALYSIS: &[&str] = include!(concat!(env!("OUT_DIR"), "/hosts.external.rs"));
pub(super) const KNOWN: &[&str] = include!(concat!(env!("OUT_DIR"), "/hosts.no_ids.rs"));
pub(super) const SHARED: &[&str] = include!(concat!(env!("OUT_DIR"), "/hosts.shared.rs"));
