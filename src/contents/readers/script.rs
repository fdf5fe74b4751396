//! Programs that a click runs, and files that tell one where to load from: their URLs, with what they put together.

use std::borrow::Cow;

use super::{encoded, text};
use crate::contents::{File, Inside, Reader, Trouble, unravel};
use crate::mail::LinkKind;

/// Reads scripts by their name, else by their first line.
pub struct Scripts;

const NAMES: [&str; 31] = [
    "js", "jse", "mjs", "vbs", "vbe", "vb", "wsf", "wsc", "sct", "hta", "bat", "cmd", "ps1", "psm1", "psd1", "py",
    "pyw", "sh", "bash", "command", "php", "pl", "rb", "reg", "inf", "au3", "ahk", "scpt", "iqy", "slk", "scf",
];

const TYPES: [&str; 12] = [
    "text/javascript",
    "text/vbscript",
    "text/x-powershell",
    "text/x-msdos-batch",
    "text/x-wsf",
    "text/x-wsc",
    "text/x-shellscript",
    "text/x-script.python",
    "text/x-php",
    "text/x-perl",
    "text/x-encoded-script",
    "application/x-pem-file",
];

impl Reader for Scripts {
    fn reads(&self, file: &File<'_>) -> bool {
        // What was taken out of something without a name.
        let is_bare = file.mimetype == "text/plain" && file.name.is_none() && file.declared.is_empty();
        is_bare || TYPES.contains(&file.mimetype) || NAMES.iter().any(|name| file.ends_with(name))
    }

    fn read(&self, file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        inside.claim(file.bytes.len())?;
        let Some(source) = text::decode(file.bytes) else {
            return Err(Trouble::broken("no text"));
        };
        let source = encoded::decoded(&source).map_or(source, Cow::Owned);
        if file.ends_with("iqy") {
            // Excel asks there as soon as it is opened.
            let lines = source.lines().map(str::trim).filter(|line| line.contains("://"));
            lines.for_each(|line| inside.link("", line, "", LinkKind::Refresh));
        }
        share_of(&source, inside);
        if matches!(file.mimetype, "text/x-wsf" | "text/x-wsc" | "text/x-php") {
            return Ok(unravel::page("", &source, inside).and_then(|()| unravel::script("", &source, inside))?);
        }
        Ok(unravel::script("", &source, inside)?)
    }
}

/// Hands over the hosts of shares (`\\host@80\folder`), as names: no address of the web leads there.
pub fn share_of(source: &str, inside: &mut Inside<'_>) {
    let mut hosts: Vec<&str> = Vec::new();
    for at in memchr::memmem::find_iter(source.as_bytes(), b"\\\\") {
        let rest = source.get(at + 2..).unwrap_or_default();
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-')));
        let host = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        let goes_on = rest
            .get(host.len()..)
            .is_some_and(|after| after.starts_with(['\\', '@', '/']));
        if host.contains('.') && host.len() <= 253 && goes_on && hosts.len() < 100 && !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    inside.text("share", hosts.join("\n"));
}

#[cfg(test)]
#[path = "script_tests.rs"]
mod tests;
