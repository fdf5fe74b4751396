//! The list of readers. The first that is for a file and can read it does.

use super::reader::Reader;

mod office;
mod text;
mod zip;

pub(super) static READERS: &[&dyn Reader] = &[
    &office::OfficeXml,
    &office::OpenDocument,
    &office::Compound,
    &office::RichText,
    &office::OneNote,
    &zip::Zip,
    &text::Text,
];
