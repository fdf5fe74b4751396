//! The target of a link as browsers read it (WHATWG URL): any number of slashes after the scheme, backslashes for slashes,
//! line ends and tabs left out, user information up to the last `@`, hosts with percent codes or as numbers. Path and query
//! keep the bytes that the author wrote.

use super::host::Host;
use super::tail::Setting;
use super::url::{self, Url};

/// Schemes whose addresses have a host, however many slashes stand before it.
const SPECIAL: [&str; 5] = ["http", "https", "ftp", "ws", "wss"];

/// The whole of `text` as one URL, for link targets and for what rewriters hide: as browsers read it, else as people defang
/// it. Who writes `http://https://evil.com` means what stands behind the first scheme.
pub fn exact(text: &str) -> Option<Url> {
    let text = match text.trim().split_once("://") {
        Some(("http" | "https", rest)) if rest.starts_with("http://") || rest.starts_with("https://") => rest,
        _ => text,
    };
    read(text).or_else(|| disguised(text))
}

fn disguised(text: &str) -> Option<Url> {
    let text = text.trim();
    let scheme_end = text.bytes().take(16).take_while(u8::is_ascii_alphanumeric).count();
    let opening = url::opening(text, 0, scheme_end).filter(|opening| opening.start == 0)?;
    let setting = Setting {
        exact: true,
        ..Setting::default()
    };
    url::read(text, &opening, setting).filter(|url| url.end == text.len())
}

/// Reads the whole of `target`; `None` when a browser would not go anywhere with it.
pub fn read(target: &str) -> Option<Url> {
    let target = target.trim_matches(|c: char| c <= ' ');
    let plain: String;
    let target = if target.contains(['\t', '\n', '\r']) {
        plain = target.replace(['\t', '\n', '\r'], "");
        &plain
    } else {
        target
    };
    let (scheme, rest) = scheme(target)?;
    let rest = rest.trim_start_matches(['/', '\\']);
    let (authority, tail) = rest.split_at(rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len()));
    let (user, place) = match authority.rsplit_once('@') {
        Some((user, place)) => (Some(user), place),
        None => (None, authority),
    };
    let (name, port) = port(place)?;
    let host = host(name)?;
    let mut value = format!("{scheme}://");
    if let Some(user) = user.filter(|user| !user.is_empty()) {
        value.push_str(user);
        value.push('@');
    }
    value.push_str(&host.in_url);
    if !port.is_empty() {
        value.push(':');
        value.push_str(port);
    }
    push_tail(tail, &mut value);
    Some(Url {
        value,
        host,
        end: target.len(),
        defanged: false,
    })
}

/// Whether a target has a scheme of the web, in whatever form it goes on.
pub fn is_web(target: &str) -> bool {
    scheme(target.trim_matches(|c: char| c <= ' ')).is_some()
}

/// The scheme, and what follows its colon.
fn scheme(target: &str) -> Option<(&'static str, &str)> {
    let (written, rest) = target.split_at_checked(target.bytes().take(6).position(|byte| byte == b':')?)?;
    let scheme = SPECIAL.iter().find(|known| known.eq_ignore_ascii_case(written))?;
    Some((scheme, rest.strip_prefix(':')?))
}

/// Host and port; an empty port is none.
fn port(place: &str) -> Option<(&str, &str)> {
    let after = place.rfind(']').map_or(0, |at| at + 1);
    let Some(colon) = place.get(after..)?.find(':').map(|at| after + at) else {
        return Some((place, ""));
    };
    let port = place.get(colon + 1..)?;
    let valid = port.is_empty() || port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    valid.then_some((place.get(..colon)?, port))
}

fn host(written: &str) -> Option<Host> {
    match ::url::Host::parse(written).ok()? {
        ::url::Host::Domain(name) => Host::in_url(name.strip_suffix('.').unwrap_or(&name)),
        // A number stays as it is written, the address says what it means.
        ::url::Host::Ipv4(address) if written.is_ascii() && !written.contains('%') => {
            Some(Host::v4(address, &written.to_ascii_lowercase()))
        }
        ::url::Host::Ipv4(address) => Some(Host::v4(address, &address.to_string())),
        ::url::Host::Ipv6(address) => Some(Host::v6(address)),
    }
}

/// Path, query and fragment as written, but for backslashes in the path.
fn push_tail(tail: &str, value: &mut String) {
    let (path, rest) = tail.split_at(tail.find(['?', '#']).unwrap_or(tail.len()));
    value.extend(path.chars().map(|c| if c == '\\' { '/' } else { c }));
    value.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_read_as_browsers_do() {
        let facts = [
            ("https://evil.com/a", "https://evil.com/a", "evil.com"),
            ("HTTP:/evil.com/a", "http://evil.com/a", "evil.com"),
            ("https:evil.com", "https://evil.com", "evil.com"),
            ("https:////evil.com/a", "https://evil.com/a", "evil.com"),
            (r"https:\\evil.com\a\b?c=\d", r"https://evil.com/a/b?c=\d", "evil.com"),
            (r"https:/\/\evil.com", "https://evil.com", "evil.com"),
            (
                "https://evil.com\\@bank.com/",
                "https://evil.com/@bank.com/",
                "evil.com",
            ),
            ("ht\ntps://ev\til.com/a\r\nb", "https://evil.com/ab", "evil.com"),
            (
                "https://bank.com@evil.com/a@b",
                "https://bank.com@evil.com/a@b",
                "evil.com",
            ),
            ("https://a@b@evil.com", "https://a@b@evil.com", "evil.com"),
            ("https://@evil.com/", "https://evil.com/", "evil.com"),
            ("http://%65vil%2ecom/%41", "http://evil.com/%41", "evil.com"),
            ("http://0x2d.0115.16706/", "http://0x2d.0115.16706/", "45.77.65.66"),
            ("http://760037699", "http://760037699", "45.77.65.67"),
            ("http://%34%35.77.65.66/", "http://45.77.65.66/", "45.77.65.66"),
            ("http://evil.com:/a", "http://evil.com/a", "evil.com"),
            ("http://evil.com:8080?a", "http://evil.com:8080?a", "evil.com"),
            ("http://[2a01::1]:80/a", "http://[2a01::1]:80/a", "2a01::1"),
            ("http://EVIL。com/Ä?ü", "http://evil.com/Ä?ü", "evil.com"),
            ("http://ev\u{ad}il.com./", "http://evil.com/", "evil.com"),
        ];
        for (target, value, host) in facts {
            let url = read(target).unwrap();
            assert_eq!(
                (url.value.as_str(), url.host.value.as_str()),
                (value, host),
                "{target:?}"
            );
        }
    }

    #[test]
    fn what_no_browser_opens_is_none() {
        let targets = [
            "",
            "https:",
            "https://",
            "evil.com",
            "//evil.com",
            "hxxps://evil.com",
            "https://evil[.]com/",
            "https://evil.com:99999/",
            "https://evil.com:x/",
            "https://a b.com/",
            "mailto:a@evil.com",
            "https://1.2.3.4.5/",
        ];
        for target in targets {
            assert!(read(target).is_none(), "{target}");
        }
    }
}
