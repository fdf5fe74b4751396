//! The list of readers. The first that is for a file and can read it does.

use super::reader::Reader;

mod picture;
mod text;
mod zip;

pub(super) static READERS: &[&dyn Reader] = &[&zip::Zip, &picture::Pictures, &text::Text];
