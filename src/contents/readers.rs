//! The list of readers. The first that is for a file and can read it does.

use super::reader::Reader;

mod card;
mod letter;
mod link_file;
mod lnk;
mod page;
mod pdf;
mod picture;
mod script;
mod structured;
mod text;
mod xml;
mod zip;

pub(super) static READERS: &[&dyn Reader] = &[
    &pdf::Pdf,
    &picture::Pictures,
    &zip::Zip,
    &lnk::Lnk,
    &link_file::LinkFiles,
    &letter::Letters,
    &card::Cards,
    &structured::Structured,
    &page::Pages,
    &script::Scripts,
    &xml::Xml,
    &text::Text,
];
