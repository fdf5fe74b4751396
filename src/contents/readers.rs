//! The list of readers. The first that is for a file and can read it does.

use super::reader::Reader;

mod office;
mod pdf;
mod picture;
mod text;
mod zip;

pub(super) static READERS: &[&dyn Reader] = &[
    &pdf::Pdf,
    &picture::Pictures,
    &office::OfficeXml,
    &office::OpenDocument,
    &office::Compound,
    &office::RichText,
    &office::OneNote,
    &zip::Zip,
    &text::Text,
];
