//! Tests that need more than one process.

// What is no test function itself, such as the start of a child process, may fail a test as well.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod child;
mod double;
mod feed;
mod misp;
mod outbox;
