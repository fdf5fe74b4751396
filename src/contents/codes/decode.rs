//! Pictures of files, decoded within limits.

use std::io::Cursor;

use image::codecs::gif::GifDecoder;
use image::codecs::png::PngEncoder;
use image::{
    AnimationDecoder, ColorType, ExtendedColorType, ImageDecoder, ImageEncoder, ImageError, ImageFormat, ImageReader,
    Limits,
};

use super::grey::Grey;
use super::picture::Picture;
use crate::contents::{Inside, Stop, Trouble};

/// Longest side of a picture.
const LONGEST: u32 = 20_000;
/// Most pictures of a moving one.
const MOST_FRAMES: usize = 24;
/// Bytes that a decoder may take beside the picture: rows, tables, copies.
const BESIDE: usize = 16 << 20;

/// The format of a picture that [`decode`] reads, by the type of its file.
pub fn format(mimetype: &str) -> Option<ImageFormat> {
    Some(match mimetype {
        "image/png" => ImageFormat::Png,
        "image/jpeg" => ImageFormat::Jpeg,
        "image/gif" => ImageFormat::Gif,
        "image/bmp" => ImageFormat::Bmp,
        "image/webp" => ImageFormat::WebP,
        "image/tiff" => ImageFormat::Tiff,
        "image/vnd.microsoft.icon" => ImageFormat::Ico,
        _ => return None,
    })
}

/// Hands every picture of a file to `take`: one, or those of a moving picture.
pub fn decode(
    bytes: &[u8],
    format: ImageFormat,
    inside: &mut Inside<'_>,
    mut take: impl FnMut(Picture, &mut Inside<'_>) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    if format == ImageFormat::Gif {
        return frames(bytes, inside, take);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits(inside));
    let decoder = reader.into_decoder().map_err(trouble)?;
    let (width, height) = decoder.dimensions();
    let size = usize::try_from(decoder.total_bytes()).unwrap_or(usize::MAX);
    inside.claim_picture(size, BESIDE)?;
    let colours = decoder.color_type();
    let mut raw = vec![0; size];
    // What a cut picture had until then stays in `raw`.
    let whole = decoder.read_image(&mut raw);
    let picture = of_raw(&raw, width as usize, height as usize, colours);
    drop(raw);
    match (picture, whole) {
        (Some(picture), _) => take(picture, inside),
        (None, Err(error)) => Err(trouble(error)),
        (None, Ok(())) => Ok(()),
    }
}

#[allow(clippy::needless_pass_by_value)] // as `map_err` hands it over
fn trouble(error: ImageError) -> Trouble {
    match error {
        ImageError::Limits(_) => Trouble::Stopped(Stop::Size),
        error => Trouble::broken(error),
    }
}

fn limits(inside: &Inside<'_>) -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST);
    limits.max_image_height = Some(LONGEST);
    limits.max_alloc = u64::try_from(inside.picture_room()).ok();
    limits
}

fn frames(
    bytes: &[u8],
    inside: &mut Inside<'_>,
    mut take: impl FnMut(Picture, &mut Inside<'_>) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let mut decoder = GifDecoder::new(Cursor::new(bytes)).map_err(trouble)?;
    decoder.set_limits(limits(inside)).map_err(trouble)?;
    let (width, height) = decoder.dimensions();
    let (width, height) = (width as usize, height as usize);
    // A frame, and the ground it is drawn on.
    let size = width.saturating_mul(height).saturating_mul(8);
    let mut frames = decoder.into_frames();
    for _ in 0..MOST_FRAMES {
        inside.claim_picture(size, 0)?;
        let frame = match frames.next() {
            None | Some(Err(_)) => break,
            Some(Ok(frame)) => frame.into_buffer(),
        };
        if let Some(picture) = of_raw(frame.as_raw(), width, height, ColorType::Rgba8) {
            take(picture, inside)?;
        }
    }
    Ok(())
}

/// A picture of what a decoder gives: rows of points of one, two, three or four numbers, of one byte or two.
fn of_raw(raw: &[u8], width: usize, height: usize, colours: ColorType) -> Option<Picture> {
    let (numbers, bytes) = match colours {
        ColorType::L8 => (1, 1),
        ColorType::La8 => (2, 1),
        ColorType::Rgb8 => (3, 1),
        ColorType::Rgba8 => (4, 1),
        ColorType::L16 => (1, 2),
        ColorType::La16 => (2, 2),
        ColorType::Rgb16 => (3, 2),
        ColorType::Rgba16 => (4, 2),
        _ => return None,
    };
    // Of two bytes the greater one says enough.
    let first = usize::from(bytes == 2 && cfg!(target_endian = "little"));
    Picture::shrunk(width, height, |x, y| {
        let at = (y * width + x) * numbers * bytes + first;
        let number = |index: usize| raw.get(at + index * bytes).copied().unwrap_or(255);
        match numbers {
            1 => [number(0), number(0), number(0), 255],
            2 => [number(0), number(0), number(0), number(1)],
            3 => [number(0), number(1), number(2), 255],
            _ => [number(0), number(1), number(2), number(3)],
        }
    })
}

/// A drawing as a PNG file.
pub fn png(grey: &Grey) -> Option<Vec<u8>> {
    let (width, height) = (u32::try_from(grey.width).ok()?, u32::try_from(grey.height).ok()?);
    let mut file = Vec::new();
    let encoder = PngEncoder::new(&mut file);
    encoder
        .write_image(&grey.points, width, height, ExtendedColorType::L8)
        .ok()?;
    Some(file)
}
