//! Links in the attributes of an HTML tag and in CSS. Names of namespaces and document types are no links.

use super::{Link, LinkKind, css};

/// The attributes of one tag that matter here; the first of a name counts.
#[derive(Debug, Default)]
pub(super) struct Attributes(Vec<(&'static str, String)>);

/// Every attribute that can hold a link, or decides about one.
const KNOWN: [&str; 24] = [
    "action",
    "archive",
    "background",
    "charset",
    "cite",
    "code",
    "codebase",
    "content",
    "data",
    "dynsrc",
    "formaction",
    "href",
    "http-equiv",
    "imagesrcset",
    "longdesc",
    "lowsrc",
    "ping",
    "poster",
    "profile",
    "src",
    "srcdoc",
    "srcset",
    "style",
    "xlink:href",
];

impl Attributes {
    /// Adds a name, then its value.
    pub fn add(&mut self, name: &str, value: &str) {
        let Ok(at) = KNOWN.binary_search(&name) else { return };
        let Some(name) = KNOWN.get(at).copied() else { return };
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) if known.is_empty() => value.clone_into(known),
            Some(_) => {}
            None => self.0.push((name, value.to_owned())),
        }
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| *known == name)
    }

    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn cleared(mut self) -> Self {
        self.0.clear();
        self
    }
}

/// A mark for [`resolve`] that the target is the document's base. No URL can hold it.
const BASE: char = '\u{10fffe}';

/// Adds every link of a start tag.
pub(super) fn of_tag(tag: &str, attributes: &Attributes, line: u32, links: &mut Vec<Link>) {
    if attributes.0.is_empty() {
        return;
    }
    let mut add = |target: &str, kind: LinkKind| push(target, kind, line, links);
    let tag = tag.rsplit(':').next().unwrap_or(tag);
    let resource = matches!(
        tag,
        "iframe"
            | "frame"
            | "script"
            | "link"
            | "object"
            | "embed"
            | "audio"
            | "video"
            | "source"
            | "track"
            | "applet"
            | "bgsound"
            | "use"
    );
    let fetched = if resource { LinkKind::Resource } else { LinkKind::Image };
    for (name, value) in &attributes.0 {
        match *name {
            "href" | "xlink:href" => match tag {
                "base" => {
                    let mut marked = value.clone();
                    marked.insert(0, BASE);
                    add(&marked, LinkKind::Resource);
                }
                "link" | "use" => add(value, LinkKind::Resource),
                "image" | "feimage" => add(value, LinkKind::Image),
                _ => add(value, LinkKind::Anchor),
            },
            "action" if tag == "form" => add(value, LinkKind::Form),
            "formaction" => add(value, LinkKind::Form),
            "src" | "background" | "poster" | "lowsrc" | "dynsrc" => add(value, fetched),
            "data" | "codebase" | "archive" | "code" if resource => add(value, LinkKind::Resource),
            "srcset" | "imagesrcset" => srcset(value, |target| add(target, LinkKind::Image)),
            "style" => css::links(value, |target, kind| add(target, kind)),
            "content"
                if tag == "meta"
                    && attributes
                        .get("http-equiv")
                        .is_some_and(|name| name.trim().eq_ignore_ascii_case("refresh")) =>
            {
                add(refresh(value), LinkKind::Refresh);
            }
            "ping" => value
                .split_whitespace()
                .for_each(|target| add(target, LinkKind::Resource)),
            _ => {}
        }
    }
}

/// Adds every `url()` and `@import` of a style sheet.
pub(super) fn of_css(text: &str, line: u32, links: &mut Vec<Link>) {
    css::links(text, |target, kind| push(target, kind, line, links));
}

fn push(target: &str, kind: LinkKind, line: u32, links: &mut Vec<Link>) {
    let target = clean(target);
    // Pictures that carry their data in the address lead nowhere.
    let data = target
        .get(..5)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"));
    let picture = data && kind == LinkKind::Image;
    if !target.is_empty() && !picture {
        links.push(Link {
            target,
            shown: String::new(),
            kind,
            line,
        });
    }
}

/// As a browser reads an address: no blanks around it, no line ends or tabs inside (with the indentation that follows
/// them); a blank inside is `%20`.
fn clean(target: &str) -> String {
    let mut out = String::with_capacity(target.len());
    let mut broken_line = false;
    for c in target.trim_matches(|c: char| c <= ' ' || c == '\u{a0}').chars() {
        match c {
            '\n' | '\r' | '\t' => broken_line = true,
            ' ' if broken_line => {}
            ' ' => out.push_str("%20"),
            _ if c.is_control() => {}
            _ => {
                broken_line = false;
                out.push(c);
            }
        }
    }
    out
}

/// The target in `0; url=http://…`.
fn refresh(content: &str) -> &str {
    let Some((_, rest)) = content.split_once([';', ',']) else {
        return "";
    };
    let rest = rest.trim_start();
    let rest = match rest.get(..3) {
        Some(word) if word.eq_ignore_ascii_case("url") => {
            let tail = rest.get(3..).unwrap_or_default().trim_start();
            tail.strip_prefix('=').unwrap_or(rest).trim_start()
        }
        _ => rest,
    };
    match rest.chars().next() {
        Some(quote @ ('"' | '\'')) => rest
            .get(1..)
            .and_then(|tail| tail.split(quote).next())
            .unwrap_or_default(),
        _ => rest,
    }
}

/// Candidates are separated by commas, but an address may hold some: it ends at a blank, or at a comma before one.
fn srcset(value: &str, mut add: impl FnMut(&str)) {
    let mut expected = true;
    for word in value.split_whitespace() {
        let word = word.trim_start_matches(',');
        if word.is_empty() {
            expected = true;
            continue;
        }
        let address = word.trim_end_matches(',');
        if expected {
            add(address);
            expected = address.len() < word.len();
        } else if word.contains(',') {
            // `2x,http://…` without a blank
            let (_, next) = word.split_once(',').unwrap_or_default();
            if next.is_empty() {
                expected = true;
            } else {
                add(next.trim_end_matches(','));
                expected = next.ends_with(',');
            }
        }
    }
}

/// Takes the `<base>` out and resolves relative targets against it.
pub(super) fn resolve(links: Vec<Link>) -> Vec<Link> {
    // A long base times many links would be out of proportion.
    let base = links.iter().find_map(|link| link.target.strip_prefix(BASE));
    let base = base
        .filter(|base| base.len() <= 2048)
        .and_then(|base| url::Url::parse(base).ok());
    let mut out = links;
    out.retain(|link| !link.target.starts_with(BASE));
    if let Some(base) = base {
        for link in &mut out {
            if !has_scheme(&link.target)
                && !link.target.starts_with('#')
                && let Ok(joined) = base.join(&link.target)
            {
                link.target = joined.into();
            }
        }
    }
    out
}

fn has_scheme(target: &str) -> bool {
    let scheme = target.split(':').next().unwrap_or_default();
    scheme.len() < target.len()
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_list_can_be_searched() {
        assert!(super::KNOWN.is_sorted());
    }
}
