//! What a document names outside of itself.

use crate::contents::Inside;
use crate::domain::FoundAs;
use crate::mail::LinkKind;

/// Hands over a target as office programs write it: an address, one inside `mhtml:` or `script:`, or a share of another computer.
pub fn target(inside: &mut Inside<'_>, place: &str, target: &str, shown: &str, kind: LinkKind) {
    // `mhtml:http://a/x.html!x-usc:http://a/x.html` has two of them.
    for piece in target.split("!x-usc:").take(8) {
        let piece = piece.trim();
        let piece = after(piece, "mhtml:")
            .or_else(|| after(piece, "script:"))
            .unwrap_or(piece);
        if let Some(host) = share(piece) {
            let found_as = if kind == LinkKind::Anchor {
                FoundAs::Link
            } else {
                FoundAs::Redirect
            };
            inside.text_as(place, host, found_as);
        } else if has_scheme(piece) {
            inside.link(place, piece, shown, kind);
        }
    }
}

fn after<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// Whether it leads out of the document: `http://…`, `www.…`, `//host`; a place in it, a drive and a file beside it do not.
fn has_scheme(target: &str) -> bool {
    let scheme = target.split_once(':').map_or("", |(scheme, _)| scheme);
    let is_scheme = scheme.len() > 1 && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    is_scheme || target.starts_with("//") || after(target, "www.").is_some()
}

/// The host of `\\host@SSL@443\share` and `file://host/share`.
fn share(target: &str) -> Option<String> {
    let is_file = after(target, "file:");
    let path = is_file.unwrap_or(target).replace('\\', "/");
    let slashes = path.len() - path.trim_start_matches('/').len();
    // `file:///C:/…` and `file:///usr/…` are of this computer, `file:///\\host\…` is not.
    let is_elsewhere = match is_file {
        Some(written) => slashes == 2 || slashes > 3 || written.contains("\\\\"),
        None => slashes == 2 && target.starts_with('\\'),
    };
    let host = path
        .trim_start_matches('/')
        .split(['/', '@'])
        .next()
        .unwrap_or_default();
    (is_elsewhere && host.contains('.')).then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn shares_name_their_host() {
        let facts = [
            (
                r"\\files.wgetcdn-files.com@SSL\a\b.dotm",
                Some("files.wgetcdn-files.com"),
            ),
            (r"file:///\\203.0.113.9\a", Some("203.0.113.9")),
            ("file://wgetcdn-files.com/a", Some("wgetcdn-files.com")),
            ("file:///C:/a.b/c", None),
            ("file:///usr.d/a", None),
            ("//wgetcdn-files.com/a", None),
            ("word/a.xml", None),
        ];
        for (target, host) in facts {
            assert_eq!(share(target).as_deref(), host, "{target}");
        }
    }
}
