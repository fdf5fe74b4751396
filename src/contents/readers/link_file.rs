//! Files of a few lines that lead somewhere when they are opened: `.url`, `.website`, `.desktop`, `.webloc`, `.rdp`, libraries and
//! searches of Windows.

use super::{script, text, xml};
use crate::contents::{File, Inside, Reader, Trouble, unravel};
use crate::mail::LinkKind;

/// Reads them by their name, `.url` by its first line too.
pub struct LinkFiles;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Names and values of Windows, in sections.
    Internet,
    Desktop,
    Webloc,
    Remote,
    Search,
}

fn kind(file: &File<'_>) -> Option<Kind> {
    let is = |names: &[&str]| names.iter().any(|name| file.ends_with(name));
    match () {
        () if file.mimetype == "application/x-mswinurl" || is(&["url", "website"]) => Some(Kind::Internet),
        () if is(&["desktop"]) => Some(Kind::Desktop),
        () if is(&["webloc", "inetloc", "fileloc"]) => Some(Kind::Webloc),
        () if is(&["rdp"]) => Some(Kind::Remote),
        () if is(&["library-ms", "search-ms", "searchconnector-ms"]) => Some(Kind::Search),
        () => None,
    }
}

impl Reader for LinkFiles {
    fn reads(&self, file: &File<'_>) -> bool {
        kind(file).is_some()
    }

    fn read(&self, file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        inside.claim(file.bytes.len())?;
        let Some(kind) = kind(file) else { return Ok(()) };
        if kind == Kind::Webloc && file.bytes.starts_with(b"bplist") {
            binary_plist(file.bytes, inside);
            return Ok(());
        }
        let source = text::decode(file.bytes).ok_or_else(|| Trouble::broken("no text"))?;
        match kind {
            Kind::Internet => internet(&source, inside),
            Kind::Desktop => return desktop(&source, inside),
            Kind::Webloc => elements(&source, &["string"], LinkKind::Anchor, inside),
            Kind::Remote => remote(&source, inside),
            Kind::Search => elements(&source, &["url", "simpleLocation"], LinkKind::Refresh, inside),
        }
        script::share_of(&source, inside);
        Ok(())
    }
}

/// The lines `name=value`.
fn values(source: &str) -> impl Iterator<Item = (&str, &str)> {
    let pairs = source.lines().filter_map(|line| line.split_once('='));
    pairs.map(|(name, value)| (name.trim(), value.trim()))
}

fn internet(source: &str, inside: &mut Inside<'_>) {
    for (name, value) in values(source) {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        if is("URL") || is("BASEURL") || is("OrigURL") {
            if let Some(share) = share(value) {
                inside.text("share", share);
            }
            inside.link("", value, "", LinkKind::Anchor);
        } else if is("IconFile") && value.contains("://") {
            inside.link("", value, "", LinkKind::Resource);
        }
    }
}

/// The host of `file://host@80/folder`.
fn share(value: &str) -> Option<&str> {
    let (scheme, rest) = value.split_once(':')?;
    let rest = rest.trim_start_matches(['/', '\\']);
    let end = rest.find(['/', '\\', '@']).unwrap_or(rest.len());
    let host = rest.get(..end)?;
    (scheme.eq_ignore_ascii_case("file") && host.contains('.')).then_some(host)
}

fn desktop(source: &str, inside: &mut Inside<'_>) -> Result<(), Trouble> {
    for (name, value) in values(source) {
        match name {
            "URL" => inside.link("", value, "", LinkKind::Anchor),
            "Exec" | "TryExec" => unravel::script("command", value, inside)?,
            "Icon" if value.contains("://") => inside.link("", value, "", LinkKind::Resource),
            _ => {}
        }
    }
    Ok(())
}

/// The lines `name:s:value` that name a server.
fn remote(source: &str, inside: &mut Inside<'_>) {
    const SERVERS: [&str; 5] = [
        "full address",
        "alternate full address",
        "gatewayhostname",
        "kdcproxyname",
        "workspace id",
    ];
    for line in source.lines() {
        let mut pieces = line.splitn(3, ':');
        let (Some(name), Some(_), Some(value)) = (pieces.next(), pieces.next(), pieces.next()) else {
            continue;
        };
        let name = name.trim();
        if SERVERS.iter().any(|known| name.eq_ignore_ascii_case(known)) || value.contains("://") {
            inside.text(name.to_lowercase(), value.trim());
        }
    }
}

fn elements(source: &str, wanted: &[&str], kind: LinkKind, inside: &mut Inside<'_>) {
    for (name, value) in xml::elements(source) {
        let is_wanted = wanted.iter().any(|known| name.eq_ignore_ascii_case(known));
        if is_wanted && value.contains("://") {
            inside.link("", value.as_str(), "", kind);
            share(&value)
                .map(str::to_owned)
                .into_iter()
                .for_each(|host| inside.text("share", host));
        }
    }
}

/// The texts of a binary property list: each has a byte for its kind, and its length.
fn binary_plist(bytes: &[u8], inside: &mut Inside<'_>) {
    for at in memchr::memmem::find_iter(bytes, b"://") {
        let before = bytes.get(..at).unwrap_or_default();
        let start = at
            - before
                .iter()
                .rev()
                .take_while(|byte| byte.is_ascii_alphanumeric())
                .count();
        // The length in front of it may look like a letter.
        let length = match bytes.get(start.saturating_sub(3)..start) {
            Some([0x5f, 0x10, length]) => usize::from(*length),
            Some([_, _, short]) if (0x51..0x5f).contains(short) => usize::from(short & 0xf),
            _ => bytes
                .get(start..)
                .unwrap_or_default()
                .iter()
                .take_while(|byte| byte.is_ascii_graphic())
                .count(),
        };
        let text = bytes
            .get(start..start.saturating_add(length))
            .and_then(|text| std::str::from_utf8(text).ok());
        if let Some(text) = text.filter(|text| text.is_ascii()) {
            inside.link("", text, "", LinkKind::Anchor);
        }
    }
}

#[cfg(test)]
#[path = "link_file_tests.rs"]
mod tests;
