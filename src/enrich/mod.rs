//! The `enrich` stage: what others know about the indicators. All of it is optional and may do I/O. No error stops a
//! submission: [`Knowledge::notes`] says what failed.

pub mod dkim;
pub mod dns;

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::domain::{Note, Sealed};

#[derive(Clone, Debug, Default)]
pub struct Knowledge {
    /// Value to the names of the warninglists that contain it.
    pub warninglists: BTreeMap<String, Vec<String>>,
    /// Host to its addresses, sorted.
    pub dns: BTreeMap<String, Vec<IpAddr>>,
    /// What became of the DKIM signatures of each mail, in the order of the nodes. Empty if they were not checked.
    pub sealed: Vec<Vec<Sealed>>,
    /// What was done and what failed, for the receipt.
    pub notes: Vec<Note>,
}
