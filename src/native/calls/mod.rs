//! The calls of the protocol. A file for each group has parameters, results, and the functions that answer.

mod choices;
pub mod connection;
pub mod delivery;
pub mod editor;
pub mod export;
pub mod hello;
mod item;
pub mod known;
pub mod message;
pub mod offer;
pub mod outbox;
pub mod preview;
pub mod send;
pub mod settings;
pub mod status;
mod target;
pub mod text;
pub mod within;

use super::call::{Call, existing_outbox};
use super::fault::{Fault, Kind};
use super::json::{Whole, to_text};
use super::messages::Reviewed;
use super::protocol::{Nothing, Profile, Stage, object};
use super::versions::{NEWEST, OLDEST, PROGRAM, Range};
use super::{lock, messages, page};
