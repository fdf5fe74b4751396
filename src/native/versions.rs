//! The versions of this program and of the protocol.

use serde::{Deserialize, Serialize};

/// Oldest version of the protocol that this program knows.
pub const OLDEST: u32 = 1;
/// Newest version of the protocol that this program knows.
pub const NEWEST: u32 = 1;

pub const PROGRAM: &str = env!("CARGO_PKG_VERSION");

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    pub min: u32,
    pub max: u32,
}
