//! MISP's own formats: the event, the attribute types, the object templates, and the REST client.

pub mod attribute_type;
pub mod builder;
pub mod client;
pub mod derive;
pub mod event;
pub mod template;
pub mod value;
