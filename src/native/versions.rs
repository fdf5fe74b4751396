//! Versions: of this program, and of the protocol that it speaks.

use serde::{Deserialize, Serialize};

/// Oldest version of the protocol that is spoken.
pub const OLDEST: u32 = 1;
/// Newest version of the protocol that is spoken.
pub const NEWEST: u32 = 1;

/// This program's version, as `hello` and `status` tell it.
pub const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// A range of versions of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    pub min: u32,
    pub max: u32,
}
