//! Codes for a machine to read (QR, Aztec, Data Matrix, PDF417) in pictures and drawings.

mod decode;
mod passes;
mod picture;
mod symbols;

pub use decode::{decode, format};
pub use picture::Picture;

use super::{Code, Inside, Stop};

/// The codes of a picture.
pub fn look(picture: &Picture, inside: &mut Inside<'_>) -> Result<Vec<Code>, Stop> {
    let symbols = passes::look(picture, inside)?;
    let code = |symbol: symbols::Symbol| Code {
        symbology: symbol.symbology,
        text: symbol.text,
        drawn: None,
    };
    Ok(symbols.into_iter().map(code).collect())
}
