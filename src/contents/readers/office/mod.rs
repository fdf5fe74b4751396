//! Documents of office programs.

mod external;
mod field;
mod formula;
mod joined;
mod ooxml;
mod xml;

pub use ooxml::OfficeXml;
