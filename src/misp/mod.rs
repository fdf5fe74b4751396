//! MISP's own formats: the event, the attribute types, the object templates, and the REST client.

pub mod client;
pub mod event;
