//! Documents of office programs.

mod bytes;
mod external;
mod field;
mod formula;
mod joined;
mod moniker;
mod odf;
mod ole;
mod onenote;
mod ooxml;
mod rtf;
mod xml;

pub use odf::OpenDocument;
pub use ole::Compound;
pub use onenote::OneNote;
pub use ooxml::OfficeXml;
pub use rtf::RichText;
