//! The list of readers. The first that is for a file and can read it does.

use super::reader::Reader;

mod pdf;
mod picture;
mod text;
mod zip;

pub(super) static READERS: &[&dyn Reader] = &[&pdf::Pdf, &picture::Pictures, &zip::Zip, &text::Text];
