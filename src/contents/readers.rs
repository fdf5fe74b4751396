//! The list of readers. The first that is for a file and can read it does.

use super::reader::Reader;

mod aes_blocks;
mod cabinet;
mod card;
mod disc;
mod encoded;
mod letter;
mod link_file;
mod lnk;
mod named;
mod office;
mod page;
mod pdf;
mod picture;
mod rar;
mod script;
mod seven_zip;
mod stream;
mod structured;
mod tar;
mod text;
mod xml;
mod zip;

pub(super) static READERS: &[&dyn Reader] = &[
    &pdf::Pdf,
    &picture::Pictures,
    &lnk::Lnk,
    &letter::Letters,
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
    &link_file::LinkFiles,
    &card::Cards,
    &structured::Structured,
    &page::Pages,
    &script::Scripts,
    &xml::Xml,
    &named::Named,
    &text::Text,
];
