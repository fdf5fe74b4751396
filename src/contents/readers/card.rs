//! Invitations (`.ics`) and business cards (`.vcf`).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::text;
use crate::contents::{File, Inside, Reader, Trouble};
use crate::domain::coding::hex_pair;
use crate::mail::{LinkKind, calendar};

/// Reads them by their first line, else by their name.
pub struct Cards;

const TYPES: [&str; 2] = ["text/calendar", "text/vcard"];
const NAMES: [&str; 5] = ["ics", "ical", "vcs", "vcf", "vcard"];

impl Reader for Cards {
    fn reads(&self, file: &File<'_>) -> bool {
        TYPES.contains(&file.mimetype)
            || NAMES.iter().any(|name| file.ends_with(name))
            || (file.name.is_none() && TYPES.contains(&file.declared))
    }

    fn read(&self, file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        inside.claim(file.bytes.len())?;
        let source = text::decode(file.bytes).ok_or_else(|| Trouble::broken("no text"))?;
        let readable = calendar::readable(&unfolded(&source));
        let mut shown = String::with_capacity(readable.len());
        for line in readable.lines() {
            line_of(line, &mut shown, inside)?;
        }
        inside.text("", shown);
        Ok(())
    }
}

/// With single line ends, and with the lines of quoted-printable joined, as version 2.1 of cards has them.
fn unfolded(source: &str) -> String {
    let source = source.replace("\r\n", "\n");
    if source.contains("QUOTED-PRINTABLE") {
        source.replace("=\n", "")
    } else {
        source
    }
}

fn line_of(line: &str, shown: &mut String, inside: &mut Inside<'_>) -> Result<(), Trouble> {
    let Some((property, value)) = property(line) else {
        shown.push_str(line);
        shown.push('\n');
        return Ok(());
    };
    let mut parameters = property.split(';');
    let name = parameters
        .next()
        .unwrap_or_default()
        .rsplit('.')
        .next()
        .unwrap_or_default();
    let is = |known: &str| name.eq_ignore_ascii_case(known);
    let upper = property.to_ascii_uppercase();
    let is_coded = upper.contains("ENCODING=BASE64") || upper.contains("ENCODING=B;") || upper.ends_with("ENCODING=B");
    if is_coded {
        let letters: String = value.chars().filter(|c| !c.is_whitespace()).collect();
        if let Some(bytes) = STANDARD.decode(letters).ok().filter(|_| is("ATTACH")) {
            inside.claim(bytes.len())?;
            let file_name = parameter(property, "FILENAME").or_else(|| parameter(property, "X-FILENAME"));
            inside.file(file_name, bytes)?;
        }
        return Ok(());
    }
    if is("URL") || is("ATTACH") || is("SOURCE") {
        inside.link("", value, "", LinkKind::Anchor);
        return Ok(());
    }
    // Keys and names that programs give.
    if is("PRODID") || is("REV") || is("KEY") || is("PHOTO") || is("LOGO") {
        return Ok(());
    }
    let value = if upper.contains("QUOTED-PRINTABLE") {
        quoted_printable(value)
    } else {
        value.to_owned()
    };
    shown.push_str(&value);
    shown.push('\n');
    // An address may be a parameter, as in `ORGANIZER;SENT-BY="mailto:…"`.
    for quoted in property
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(|quoted| quoted.contains([':', '@']))
    {
        shown.push_str(quoted);
        shown.push('\n');
    }
    Ok(())
}

/// What stands before the first colon outside of quotes, and what behind it.
fn property(line: &str) -> Option<(&str, &str)> {
    let mut is_quoted = false;
    let at = line.bytes().position(|byte| {
        is_quoted ^= byte == b'"';
        byte == b':' && !is_quoted
    })?;
    let name = line.get(..at)?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic());
    is_name.then_some((name, line.get(at + 1..)?))
}

fn parameter<'p>(property: &'p str, name: &str) -> Option<&'p str> {
    property.split(';').find_map(|one| {
        let (known, value) = one.split_once('=')?;
        known.eq_ignore_ascii_case(name).then(|| value.trim_matches('"'))
    })
}

fn quoted_printable(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let (byte, after) = hex_pair(after).filter(|_| *first == b'=').unwrap_or((*first, after));
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
#[path = "card_tests.rs"]
mod tests;
