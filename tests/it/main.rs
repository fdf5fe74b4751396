//! Tests against programs and servers outside of the crate.

// A test fails by a panic, its helpers included.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod dns;
