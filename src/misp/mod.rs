//! MISP's own formats (the event, the attribute types, the object templates) and the REST client.

pub mod attribute_type;
pub mod client;
pub mod event;
pub mod json;
pub mod record;
pub mod template;
pub mod value;
