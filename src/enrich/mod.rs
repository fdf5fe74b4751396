//! The `enrich` stage: what others know about the indicators. All of it optional, all of it may do I/O, none of it may
//! stop a submission: what fails is said in [`Knowledge::notes`].

pub mod dns;

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::domain::Note;

/// What enrichment brought.
#[derive(Clone, Debug, Default)]
pub struct Knowledge {
    /// Value to the names of the warninglists that it is on.
    pub warninglists: BTreeMap<String, Vec<String>>,
    /// Host to the addresses that it resolved to, sorted.
    pub dns: BTreeMap<String, Vec<IpAddr>>,
    /// What was done and what failed, for the receipt.
    pub notes: Vec<Note>,
}
