//! The pictures of a PDF file, made files that a reader of pictures can open.

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};

use super::document::Document;
use super::object::{Dict, Object};
use crate::contents::Inside;

/// Wider or higher ones are no pictures for people.
const LARGEST: usize = 20_000;
/// Smaller ones hold no code: the smallest has ten modules.
const SMALLEST: usize = 10;

/// The picture of an entry as a file, with the name's ending; `None` of what cannot be shown.
pub fn file_of(
    document: &Document<'_>,
    place: usize,
    inside: &mut Inside<'_>,
) -> Result<Option<(&'static str, Vec<u8>)>, crate::contents::Trouble> {
    let Some(dict) = document.entries.get(place).and_then(|entry| entry.object.as_dict()) else {
        return Ok(None);
    };
    let Some(unpacked) = document.stream(place, inside)? else {
        return Ok(None);
    };
    match unpacked.picture.as_deref() {
        Some(b"DCTDecode" | b"DCT") => return Ok(Some(("jpg", unpacked.bytes))),
        Some(_) => return Ok(None),
        None => {}
    }
    let number = |key: &str, short: &str| {
        let value = dict
            .get(key)
            .or_else(|| dict.get(short))
            .map(|one| document.follow(one));
        value.and_then(Object::as_count).unwrap_or(0)
    };
    let (width, height) = (number("Width", "W"), number("Height", "H"));
    if !(SMALLEST..LARGEST).contains(&width) || !(SMALLEST..LARGEST).contains(&height) {
        return Ok(None);
    }
    let bits = number("BitsPerComponent", "BPC").max(1);
    inside.claim_picture(width * height, 0)?;
    let palette = Palette::of(dict, document, inside)?;
    let inverted = dict
        .get("Decode")
        .map(|one| document.follow(one))
        .and_then(Object::as_array);
    let inverted = inverted.and_then(|decode| decode.first()).and_then(Object::as_number) == Some(1.0);
    let gray = grey(&unpacked.bytes, (width, height), bits, &palette, inverted);
    Ok(png(&gray, width, height).map(|png| ("png", png)))
}

/// What a sample stands for.
enum Palette {
    /// So many components, as they are.
    Direct(usize),
    /// The brightness of each of a list of colours.
    Listed(Vec<u8>),
}

impl Palette {
    fn of(dict: &Dict, document: &Document<'_>, inside: &mut Inside<'_>) -> Result<Self, crate::contents::Trouble> {
        let space = dict
            .get("ColorSpace")
            .or_else(|| dict.get("CS"))
            .map(|one| document.follow(one));
        let name = |object: &Object| object.as_name().map(<[u8]>::to_vec);
        let components = |object: &Object| match document.follow(object) {
            Object::Name(name) if matches!(&**name, b"DeviceRGB" | b"RGB" | b"CalRGB") => 3,
            Object::Name(name) if matches!(&**name, b"DeviceCMYK" | b"CMYK") => 4,
            Object::Array(items) => match (items.first().and_then(name).as_deref(), items.get(1)) {
                (Some(b"CalRGB" | b"Lab"), _) => 3,
                (Some(b"ICCBased"), Some(profile)) => {
                    let profile = document.follow(profile).as_dict();
                    profile
                        .and_then(|one| one.get("N"))
                        .and_then(Object::as_count)
                        .unwrap_or(3)
                }
                _ => 1,
            },
            _ => 1,
        };
        let Some(space) = space else { return Ok(Self::Direct(1)) };
        let Object::Array(items) = space else {
            return Ok(Self::Direct(components(space).clamp(1, 4)));
        };
        let (Some(b"Indexed" | b"I"), Some(base), Some(table)) =
            (items.first().and_then(Object::as_name), items.get(1), items.get(3))
        else {
            return Ok(Self::Direct(components(space).clamp(1, 4)));
        };
        let table = match table {
            Object::Reference(number) => match document.place(*number) {
                Some(place) => match document.stream(place, inside)? {
                    Some(unpacked) => unpacked.bytes,
                    None => document.follow(table).as_text().unwrap_or_default().to_vec(),
                },
                None => Vec::new(),
            },
            table => table.as_text().unwrap_or_default().to_vec(),
        };
        Ok(Self::Listed(
            table.chunks(components(base).clamp(1, 4)).map(brightness).collect(),
        ))
    }
}

fn brightness(components: &[u8]) -> u8 {
    let sum: u32 = components.iter().take(4).map(|one| u32::from(*one)).sum();
    let count = u32::try_from(components.len().clamp(1, 4)).unwrap_or(1);
    let mean = u8::try_from(sum / count).unwrap_or(u8::MAX);
    // Four components are inks: more of them is darker.
    if components.len() == 4 { u8::MAX - mean } else { mean }
}

fn grey(bytes: &[u8], (width, height): (usize, usize), bits: usize, palette: &Palette, inverted: bool) -> Vec<u8> {
    let components = match palette {
        Palette::Direct(components) => *components,
        Palette::Listed(_) => 1,
    };
    let row = (width * components * bits).div_ceil(8).max(1);
    let most = (1_usize << bits.min(8)) - 1;
    let mut out = Vec::with_capacity(width * height);
    for line in bytes.chunks(row).take(height) {
        let sample = |index: usize| -> u8 {
            let value = match bits {
                8 => line.get(index).copied().map_or(0, usize::from),
                16 => line.get(index * 2).copied().map_or(0, usize::from),
                bits => {
                    let byte = line.get(index * bits / 8).copied().map_or(0, usize::from);
                    byte >> (8 - bits - index * bits % 8).min(7) & most
                }
            };
            u8::try_from(value).unwrap_or(u8::MAX)
        };
        for x in 0..width {
            let value = match palette {
                Palette::Listed(list) => list.get(usize::from(sample(x))).copied().unwrap_or_default(),
                Palette::Direct(1) => u8::try_from(usize::from(sample(x)) * 255 / most.max(1)).unwrap_or(u8::MAX),
                Palette::Direct(count) => {
                    let all: Vec<u8> = (0..*count).map(|component| sample(x * count + component)).collect();
                    brightness(&all)
                }
            };
            out.push(if inverted { u8::MAX - value } else { value });
        }
    }
    out.resize(width * height, u8::MAX);
    out
}

/// A picture in shades of grey as a file.
pub fn png(grey: &[u8], width: usize, height: usize) -> Option<Vec<u8>> {
    let (width, height) = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    let mut file = Vec::new();
    let encoder = PngEncoder::new(&mut file);
    encoder.write_image(grey, width, height, ExtendedColorType::L8).ok()?;
    Some(file)
}
