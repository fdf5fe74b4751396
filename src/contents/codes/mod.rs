//! Codes for a machine to read (QR, Aztec, Data Matrix, PDF417) in pictures and drawings.

mod blocks;
mod canvas;
mod decode;
mod drawn;
#[cfg(fuzzing)]
pub mod fuzzed;
mod grey;
mod page;
mod passes;
mod path;
mod picture;
mod regions;
mod shapes;
mod stacked;
mod svg;
mod symbols;
mod table;
mod tags;
mod together;

pub use canvas::{Canvas, Corner};
pub use decode::{decode, format};
pub use drawn::{in_drawing, in_mail, in_page, in_text};
pub use picture::Picture;
pub use shapes::stroke;

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

#[cfg(test)]
mod tests;
