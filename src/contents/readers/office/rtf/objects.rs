//! Embedded objects and pictures, whose bytes are written in hexadecimal digits.

use memchr::memmem;

use crate::contents::readers::office::bytes::{Bytes, decode};
use crate::contents::readers::office::{external, ole};
use crate::contents::{Inside, Trouble};
use crate::mail::LinkKind;

/// Bytes as their digits come.
#[derive(Default)]
pub struct Data {
    bytes: Vec<u8>,
    /// The first digit of a byte whose second has not come yet.
    half: Option<u8>,
}

impl Data {
    /// Everything that is no digit is passed over.
    pub fn digit(&mut self, byte: u8) {
        let Some(digit) = char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok()) else {
            return;
        };
        match self.half.take() {
            Some(first) => self.bytes.push(first << 4 | digit),
            None => self.half = Some(digit),
        }
    }

    pub fn raw(&mut self, bytes: &[u8]) {
        self.half = None;
        self.bytes.extend_from_slice(bytes);
    }

    pub fn take(&mut self) -> Vec<u8> {
        self.half = None;
        std::mem::take(&mut self.bytes)
    }
}

pub fn picture(bytes: Vec<u8>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
    if !bytes.is_empty() {
        inside.may_hold_files()?;
        inside.claim(bytes.len())?;
        inside.part(Some("picture"), bytes)?;
    }
    Ok(())
}

/// Hands over an object in the first format of OLE: its class, and what it embeds or links to.
pub fn object(bytes: &[u8], inside: &mut Inside<'_>) -> Result<(), Trouble> {
    if bytes.is_empty() {
        return Ok(());
    }
    match header(bytes) {
        Some(Object::Link(target)) => external::target(inside, "object", &target, "", LinkKind::Refresh),
        Some(Object::Data { class, data }) if !is_compound(data) && class.eq_ignore_ascii_case("package") => {
            ole::native(data, inside)?;
        }
        Some(Object::Data { data, .. }) => part(data, inside)?,
        // With a broken head the compound file in it may still be whole.
        None => part(bytes, inside)?,
    }
    Ok(())
}

fn part(bytes: &[u8], inside: &mut Inside<'_>) -> Result<(), Trouble> {
    let start = memmem::find(bytes, ole::MAGIC).unwrap_or(0);
    let bytes = bytes.get(start..).unwrap_or_default();
    inside.may_hold_files()?;
    inside.claim(bytes.len())?;
    inside.part(Some("object"), bytes.to_vec())?;
    Ok(())
}

fn is_compound(data: &[u8]) -> bool {
    data.starts_with(ole::MAGIC)
}

enum Object<'a> {
    Link(String),
    Data { class: String, data: &'a [u8] },
}

fn header(bytes: &[u8]) -> Option<Object<'_>> {
    const LINK: u32 = 1;
    const EMBEDDED: u32 = 2;
    let mut rest = Bytes(bytes);
    rest.u32()?;
    let kind = rest.u32()?;
    let class = string(&mut rest)?;
    let topic = string(&mut rest)?;
    string(&mut rest)?;
    match kind {
        LINK => Some(Object::Link(topic)),
        EMBEDDED => {
            let length = rest.length()?;
            let data = rest.0.get(..length).unwrap_or(rest.0);
            Some(Object::Data { class, data })
        }
        _ => None,
    }
}

fn string(rest: &mut Bytes<'_>) -> Option<String> {
    let length = rest.length()?;
    let text = rest.take(length)?;
    let end = memchr::memchr(0, text).unwrap_or(text.len());
    Some(decode(text.get(..end)?, 1252))
}
