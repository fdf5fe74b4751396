//! The list of readers. The first that is for a file and can read it does.

use super::reader::Reader;

mod cabinet;
mod disc;
mod named;
mod office;
mod pdf;
mod picture;
mod rar;
mod seven_zip;
mod stream;
mod tar;
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
    &seven_zip::SevenZip,
    &rar::Rar,
    &tar::Tar,
    &stream::Streams,
    &cabinet::Cab,
    &disc::Disc,
    &named::Named,
    &text::Text,
];
