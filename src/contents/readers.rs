//! The list of readers. The first that is for a file and can read it does.

use super::reader::Reader;

mod text;

pub(super) static READERS: &[&dyn Reader] = &[&text::Text];
