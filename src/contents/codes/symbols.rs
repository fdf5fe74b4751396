//! The codes of one black and white picture.
//!
//! The crate that reads them was translated from other languages and panics here and there on hostile pictures. It has no state that
//! outlives a call, so a panic costs what that call would have found and no more.

use rxing::aztec;
use rxing::common::cpp_essentials::DecoderResult;
use rxing::common::{BitMatrix, DetectorRXingResult, GlobalHistogramBinarizer, HybridBinarizer};
use rxing::datamatrix::DataMatrixReader;
use rxing::qrcode::cpp_port::{decoder, detector};
use rxing::{Binarizer, BinaryBitmap, DecodeHints, Luma8Source, Reader};

use super::grey::Grey;
use super::stacked;
use crate::domain::contained::contained;

/// A code that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    pub symbology: &'static str,
    pub text: String,
}

/// How it is decided what is black.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Threshold {
    /// By what is around each point, so that shadows do no harm.
    Local,
    /// One for all, for pictures of few points.
    Global,
}

/// What is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Family {
    Qr,
    Others,
}

impl Family {
    /// How dear the search is in one point of a picture.
    pub fn work(self) -> usize {
        match self {
            Self::Qr => 1,
            Self::Others => 4,
        }
    }
}

/// Squares at the corners of QR codes, and sets of three, that are looked at. A page of noise has thousands.
const MOST_PATTERNS: usize = 256;
const MOST_SETS: usize = 512;
/// Micro codes have one square, so each square might be one.
const MOST_MICRO: usize = 48;

/// The codes of a picture that has a white margin.
pub fn read(grey: &Grey, threshold: Threshold, families: &[Family]) -> Vec<Symbol> {
    let (Ok(width), Ok(height)) = (u32::try_from(grey.width), u32::try_from(grey.height)) else {
        return Vec::new();
    };
    let Ok(source) = Luma8Source::new_with_slice(&grey.points, width, height) else {
        return Vec::new();
    };
    let mut found = match threshold {
        Threshold::Local => in_bitmap(&mut BinaryBitmap::new(HybridBinarizer::new(source)), families),
        Threshold::Global => in_bitmap(&mut BinaryBitmap::new(GlobalHistogramBinarizer::new(source)), families),
    };
    found.retain(|symbol| is_text(&symbol.text));
    found
}

/// Chance makes short ones, and such that have characters of no text.
fn is_text(text: &str) -> bool {
    let is_odd = |c: char| {
        c == '\u{fffd}' || (c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{4}' | '\u{1d}' | '\u{1e}'))
    };
    text.trim().chars().count() >= 4 && !text.contains(is_odd)
}

/// What is black is decided once for all families. A panic in one leaves what the others found.
fn in_bitmap<B: Binarizer>(bitmap: &mut BinaryBitmap<B>, families: &[Family]) -> Vec<Symbol> {
    let mut symbols = Vec::new();
    for family in families {
        symbols.extend(contained(|| in_family(bitmap, *family)).unwrap_or_default());
    }
    symbols
}

fn in_family<B: Binarizer>(bitmap: &mut BinaryBitmap<B>, family: Family) -> Vec<Symbol> {
    if family == Family::Qr {
        return qr(bitmap.get_black_matrix());
    }
    let hints = DecodeHints {
        TryHarder: Some(true),
        ..DecodeHints::default()
    };
    let mut symbols: Vec<Symbol> = aztec(bitmap.get_black_matrix()).into_iter().collect();
    let matrix = DataMatrixReader.decode_with_hints(bitmap, &hints);
    symbols.extend(matrix.iter().map(|found| symbol("Data Matrix", found.getText())));
    let stacked = stacked::read(bitmap.get_black_matrix());
    symbols.extend(stacked.iter().map(|text| symbol("PDF417", text)));
    symbols
}

fn symbol(symbology: &'static str, text: &str) -> Symbol {
    Symbol {
        symbology,
        text: text.to_owned(),
    }
}

fn qr(matrix: &BitMatrix) -> Vec<Symbol> {
    let mut patterns = detector::FindFinderPatterns(matrix, true, 0);
    patterns.truncate(MOST_PATTERNS);
    let sets = detector::GenerateFinderPatternSets(&mut patterns);
    let mut used = Vec::new();
    let mut symbols = Vec::new();
    for set in sets.iter().take(MOST_SETS) {
        let corners = [set.bl, set.tl, set.tr];
        if corners.iter().any(|corner| used.contains(corner)) {
            continue;
        }
        if let Some(text) = detector::SampleQR(matrix, set)
            .ok()
            .and_then(|found| text(found.getBits()))
        {
            used.extend(corners);
            symbols.push(Symbol { symbology: "QR", text });
        }
    }
    let alone = patterns
        .iter()
        .filter(|pattern| !used.contains(pattern))
        .take(MOST_MICRO);
    let micro = alone.filter_map(|pattern| detector::SampleMQR(matrix, *pattern).ok());
    symbols.extend(micro.filter_map(|found| {
        Some(Symbol {
            symbology: "Micro QR",
            text: text(found.getBits())?,
        })
    }));
    symbols
}

fn text(bits: &BitMatrix) -> Option<String> {
    let decoded = decoder::Decode(bits).ok().filter(DecoderResult::isValid)?;
    Some(decoded.text())
}

/// One around the middle of the picture.
fn aztec(matrix: &BitMatrix) -> Option<Symbol> {
    let mut detector = aztec::detector::Detector::new(matrix);
    [false, true].into_iter().find_map(|is_mirrored| {
        let found = detector.detect(is_mirrored).ok()?;
        let decoded = aztec::decoder::decode(&found).ok()?;
        Some(Symbol {
            symbology: "Aztec",
            text: decoded.getText().to_owned(),
        })
    })
}
