//! Pages and drawings: HTML, XHTML, SHTML, AMP, SVG, and web archives (MHTML), with what their programs put together.

use super::encoded;
use crate::config::MailSettings;
use crate::contents::{File, Inside, Reader, Trouble, unravel};
use crate::mail::{self, Body, BodyKind};

/// Reads pages by their first tag, else by their name.
pub struct Pages;

impl Reader for Pages {
    fn reads(&self, file: &File<'_>) -> bool {
        is_archive(file) || is_page(file)
    }

    fn read(&self, file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        inside.claim(file.bytes.len())?;
        if is_archive(file) {
            return archive(file.bytes, inside);
        }
        let source = mail::page_text(file.bytes);
        let source = encoded::decoded(&source).map_or(source, Into::into);
        Ok(unravel::page("", &source, inside)?)
    }
}

const NAMES: [&str; 9] = ["html", "htm", "xhtml", "xht", "shtml", "shtm", "svg", "svgz", "hta"];
const TYPES: [&str; 4] = ["text/html", "image/svg+xml", "application/xhtml+xml", "application/hta"];

fn is_page(file: &File<'_>) -> bool {
    let by_name = NAMES.iter().any(|name| file.ends_with(name));
    let is_text = file.mimetype.starts_with("text/") || file.mimetype == crate::file::UNKNOWN_TYPE;
    TYPES.contains(&file.mimetype) || (is_text && (by_name || (file.name.is_none() && TYPES.contains(&file.declared))))
}

fn is_archive(file: &File<'_>) -> bool {
    file.ends_with("mht") || file.ends_with("mhtml") || file.declared == "multipart/related"
}

fn archive(bytes: &[u8], inside: &mut Inside<'_>) -> Result<(), Trouble> {
    let mut mail = mail::parse(bytes, &MailSettings::default()).map_err(Trouble::broken)?;
    for body in std::mem::take(&mut mail.bodies) {
        match body {
            Body {
                kind: BodyKind::Html,
                source: Some(source),
                ..
            } => unravel::page("", &source, inside)?,
            body => inside.body("", body),
        }
    }
    for attachment in mail.attachments {
        inside.part(attachment.name.as_deref(), attachment.bytes)?;
    }
    Ok(())
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;
