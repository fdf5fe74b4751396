//! The members of an archive without its directory, each by its own header.

use flate2::read::DeflateDecoder;
use memchr::memmem;

use crate::contents::{Inside, Trouble};
use crate::mail;

const HEADER: usize = 30;
const ENCRYPTED: u16 = 1;
/// The sizes stand behind the bytes.
const SIZES_LATER: u16 = 1 << 3;

/// Hands over every member that is stored or deflated.
pub fn members(bytes: &[u8], inside: &mut Inside<'_>) -> Result<(), Trouble> {
    let mut found = false;
    let mut from = 0;
    while let Some(at) = bytes.get(from..).and_then(|rest| memmem::find(rest, b"PK\x03\x04")) {
        let at = from + at;
        from = at + 4;
        let Some(header) = Header::at(bytes, at) else { continue };
        if header.name.ends_with(b"/") {
            continue;
        }
        inside.may_hold_files()?;
        if header.is_locked {
            return Err(Trouble::Locked);
        }
        let name = mail::archive_name(header.name);
        let unpacked = match header.method {
            0 if !header.sizes_later => inside.unpack(header.data.get(..header.packed).unwrap_or(header.data)),
            8 => inside.unpack(DeflateDecoder::new(header.data)),
            _ => continue,
        };
        match unpacked {
            Ok(content) => {
                found = true;
                inside.file(Some(&name), content)?;
                if !header.sizes_later {
                    from = at
                        .saturating_add(HEADER + header.name.len())
                        .saturating_add(header.packed);
                }
            }
            Err(Trouble::Broken(_)) => {}
            Err(Trouble::TooMuch) => found = true,
            Err(other) => return Err(other),
        }
    }
    if found {
        Ok(())
    } else {
        Err(Trouble::broken("no directory and no member that can be read"))
    }
}

struct Header<'a> {
    method: u16,
    is_locked: bool,
    sizes_later: bool,
    packed: usize,
    name: &'a [u8],
    data: &'a [u8],
}

impl<'a> Header<'a> {
    fn at(bytes: &'a [u8], at: usize) -> Option<Self> {
        let head = bytes.get(at..)?;
        let number = |place: usize| Some(u16::from_le_bytes(head.get(place..place + 2)?.try_into().ok()?));
        let packed = u32::from_le_bytes(head.get(18..22)?.try_into().ok()?);
        let name_end = HEADER + usize::from(number(26)?);
        let flags = number(6)?;
        Some(Self {
            method: number(8)?,
            is_locked: flags & ENCRYPTED != 0,
            sizes_later: flags & SIZES_LATER != 0,
            packed: usize::try_from(packed).ok()?,
            name: head.get(HEADER..name_end)?,
            data: head.get(name_end + usize::from(number(28)?)..)?,
        })
    }
}
