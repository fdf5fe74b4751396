//! The `enrich` stage: what others know about the indicators. All of it is optional and may do I/O. No error stops a
//! submission: [`Knowledge::notes`] says what failed.

pub mod dns;

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::domain::Note;

#[derive(Clone, Debug, Default)]
pub struct Knowledge {
    /// Value to the names of the warninglists that contain it.
    pub warninglists: BTreeMap<String, Vec<String>>,
    /// Host to its addresses, sorted.
    pub dns: BTreeMap<String, Vec<IpAddr>>,
    /// What was done and what failed, for the receipt.
    pub notes: Vec<Note>,
}
