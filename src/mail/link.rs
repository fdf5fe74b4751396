//! Links in the attributes of an HTML tag and in CSS. Names of namespaces and document types are no links.

use super::attributes::Attributes;
use super::{Link, LinkKind, css};

/// Adds every link of a start tag.
pub(super) fn of_tag(tag: &str, attributes: &Attributes, line: u32, links: &mut Vec<Link>) {
    let before = links.len();
    let tag = tag.rsplit(':').next().unwrap_or(tag);
    let get = |name| attributes.get(name).unwrap_or_default();
    for (name, value) in attributes.iter() {
        let mut add = |target: &str, kind: LinkKind| push(target, kind, line, links);
        match name {
            "href" | "xlink:href" => match tag {
                "base" => {}
                "link" | "use" | "script" => add(value, LinkKind::Resource),
                "image" | "feimage" => add(value, LinkKind::Image),
                _ => add(value, LinkKind::Anchor),
            },
            "action" | "action-xhr" if tag == "form" => add(value, LinkKind::Form),
            "formaction" => add(value, LinkKind::Form),
            "src" | "background" | "poster" | "lowsrc" | "dynsrc" => add(value, fetched_by(tag)),
            "data" | "codebase" | "archive" | "code" if is_resource(tag) => add(value, LinkKind::Resource),
            "srcset" | "imagesrcset" => srcset(value, |target| add(target, LinkKind::Image)),
            "style" => css::links(value, add),
            "content" if tag == "meta" && get("http-equiv").trim().eq_ignore_ascii_case("refresh") => {
                add(refresh(value), LinkKind::Refresh);
            }
            "ping" => value
                .split_whitespace()
                .for_each(|target| add(target, LinkKind::Resource)),
            // SVG gives a link its target by an animation.
            "to" | "values" if matches!(tag, "animate" | "set") && get("attributename").ends_with("href") => {
                value.split(';').for_each(|target| add(target, LinkKind::Anchor));
            }
            _ => {}
        }
    }
    if let Some(original) = attributes.get("originalsrc") {
        let anchors = links.iter_mut().skip(before);
        anchors
            .filter(|link| link.kind == LinkKind::Anchor)
            .for_each(|link| link.original = Some(clean(original).into()));
    }
}

fn is_resource(tag: &str) -> bool {
    #[rustfmt::skip]
    let is_resource = matches!(
        tag,
        "iframe" | "frame" | "script" | "link" | "object" | "embed" | "audio" | "video" | "source" | "track" | "applet" | "bgsound"
            | "use" | "amp-list" | "amp-state" | "amp-iframe"
    );
    is_resource
}

fn fetched_by(tag: &str) -> LinkKind {
    if is_resource(tag) {
        LinkKind::Resource
    } else {
        LinkKind::Image
    }
}

/// Adds every `url()` and `@import` of a style sheet.
pub(super) fn of_css(text: &str, line: u32, links: &mut Vec<Link>) {
    css::links(text, |target, kind| push(target, kind, line, links));
}

fn push(target: &str, kind: LinkKind, line: u32, links: &mut Vec<Link>) {
    let target = clean(target);
    // Pictures that carry their data in the address lead nowhere, but a drawing can hold text and links.
    let starts = |start: &str| {
        target
            .get(..start.len())
            .is_some_and(|written| written.eq_ignore_ascii_case(start))
    };
    let picture = kind == LinkKind::Image && starts("data:") && !starts("data:image/svg");
    if !target.is_empty() && !picture {
        links.push(Link {
            target,
            original: None,
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

/// Resolves relative targets against the address of their page, if that is one.
pub(super) fn resolve(links: &mut [Link], base: Option<&str>) {
    // A long base times many links would be out of proportion.
    let base = base.map(clean).filter(|base| base.len() <= 2048);
    let base = base.and_then(|base| match base.strip_prefix("//") {
        Some(rest) => url::Url::parse(&format!("https://{rest}")).ok(),
        None => url::Url::parse(&base).ok(),
    });
    let Some(base) = base.filter(|base| !base.cannot_be_a_base()) else {
        return;
    };
    for link in links {
        let relative = !has_scheme(&link.target) && !link.target.starts_with('#');
        if (relative || is_relative_to(&link.target, &base))
            && let Ok(joined) = base.join(&link.target)
        {
            link.target = joined.into();
        }
    }
}

/// `https:a/b` on a page of the same scheme is a path.
fn is_relative_to(target: &str, base: &url::Url) -> bool {
    let rest = target
        .split_once(':')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case(base.scheme()));
    rest.is_some_and(|(_, rest)| !rest.starts_with(['/', '\\']))
}

fn has_scheme(target: &str) -> bool {
    let scheme = target.split(':').next().unwrap_or_default();
    scheme.len() < target.len()
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}
