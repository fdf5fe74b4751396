//! Link rewriters, as the rows of `data/link_rewriters.tsv` and of the configuration describe them. The `indicator` stage
//! unwraps links by them.

use super::host;

/// A rewriter: how to recognise its links, and how to read their targets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewriter {
    /// A pattern as [`host::fits`] takes it; `*` is any host.
    pub host: String,
    /// The beginning of the path, in lower case.
    pub path: String,
    pub place: Place,
    pub coding: Coding,
    pub role: RewriterRole,
    /// The name of the maker, for people.
    pub maker: String,
}

/// For whom a rewriter works, which decides what is sent of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RewriterRole {
    /// The recipient's: a mail filter or a webmail program. Only the target is the author's.
    Gateway,
    /// The author's sending provider, which counts clicks: the link is made for one recipient. Only the target counts.
    Sender,
    /// A site that leads to any address. The author chose it, so the link and its target both count.
    Redirector,
    /// A page that shows or shares the address and does not lead there.
    Share,
}

const ROLES: [(&str, RewriterRole); 4] = [
    ("gateway", RewriterRole::Gateway),
    ("sender", RewriterRole::Sender),
    ("redirector", RewriterRole::Redirector),
    ("share", RewriterRole::Share),
];

/// Where the target is in the link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the first of these query parameters that the link has.
    Parameter(Vec<String>),
    /// From the value of this query parameter to the end.
    Rest(String),
    /// Everything after the `?`.
    Query,
    /// Everything after the beginning of the path that the row names.
    Path,
    /// From that place to the next slash.
    Segment,
    /// After the last slash.
    LastSegment,
    /// Between this mark and the next one.
    Between(String),
    /// Nowhere.
    Nowhere,
    /// In the host name, before the name in the row; the path is the target's.
    Host,
}

/// How the target is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// As it is.
    Plain,
    /// With percent codes.
    Percent,
    /// With percent codes and without its scheme, which is https.
    NoScheme,
    /// Base64 of either alphabet, percent-coded or not.
    Base64,
    /// The same after `a1`.
    A1Base64,
    /// The same of JSON with the target in its field `url`, or in that field of the JSON in its field `p`.
    Base64Json,
    /// In hexadecimal digits.
    Hex,
    /// `*2F` for `%2F`.
    StarHex,
    /// `-` for `%`, `_` for `/`.
    ProofpointV2,
    /// `__URL__;…`, with `*` for characters that follow it in base64.
    ProofpointV3,
    /// A host with `-` for `.` and `--` for `-`.
    DashedHost,
    /// Only the maker knows the target; the link shows at most its host.
    HostOnly,
    /// Only the maker knows the target, by the text at that place.
    Sealed,
}

const CODINGS: [(&str, Coding); 13] = [
    ("plain", Coding::Plain),
    ("percent", Coding::Percent),
    ("no-scheme", Coding::NoScheme),
    ("base64", Coding::Base64),
    ("a1-base64", Coding::A1Base64),
    ("base64-json", Coding::Base64Json),
    ("hex", Coding::Hex),
    ("star-hex", Coding::StarHex),
    ("proofpoint-v2", Coding::ProofpointV2),
    ("proofpoint-v3", Coding::ProofpointV3),
    ("dashed-host", Coding::DashedHost),
    ("host-only", Coding::HostOnly),
    ("sealed", Coding::Sealed),
];

impl Rewriter {
    /// Reads the cells of a row: host, path, place, coding, role, maker. An error says which cell is wrong and what is allowed.
    pub fn new([host, path, place, coding, role, maker]: [&str; 6]) -> Result<Self, String> {
        if !path.starts_with('/') {
            return Err(format!("the path {path:?} does not begin with a slash"));
        }
        let name = host.trim_start_matches("*.").trim_end_matches(".*");
        if host != "*" && host::canonical(name).is_none() {
            return Err(format!("{host:?} is no host, *.host, name.*, *.name.* or *"));
        }
        Ok(Self {
            host: host.to_ascii_lowercase(),
            path: path.to_ascii_lowercase(),
            place: Place::named(place)?,
            coding: of_name("coding", &CODINGS, coding)?,
            role: of_name("role", &ROLES, role)?,
            maker: maker.to_owned(),
        })
    }

    /// Reads a line of the configuration, with blanks between its cells. The maker comes last; without one it is the host.
    /// A rewriter of the user's is a gateway.
    pub fn of_line(line: &str) -> Result<Self, String> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [host, path, place, coding, maker @ ..] = words.as_slice() else {
            return Err("a rewriter has a host, a path, a place and a coding, for example \"links.corp.example /go query:to percent\"".to_owned());
        };
        let maker = if maker.is_empty() {
            (*host).to_owned()
        } else {
            maker.join(" ")
        };
        Self::new([host, path, place, coding, "gateway", &maker])
    }
}

fn of_name<T: Copy>(what: &str, known: &[(&str, T)], name: &str) -> Result<T, String> {
    let found = known.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        format!("the {what} {name:?} is none of {}", names.join(", "))
    })
}

impl Place {
    fn named(name: &str) -> Result<Self, String> {
        Ok(match name.split_once(':') {
            Some(("query", names)) if !names.is_empty() => {
                Self::Parameter(names.split(',').map(str::to_owned).collect())
            }
            Some(("rest", name)) if !name.is_empty() => Self::Rest(name.to_owned()),
            Some(("between", mark)) if !mark.is_empty() => Self::Between(mark.to_owned()),
            None if name == "query" => Self::Query,
            None if name == "path" => Self::Path,
            None if name == "segment" => Self::Segment,
            None if name == "last-segment" => Self::LastSegment,
            None if name == "host" => Self::Host,
            None if name == "none" => Self::Nowhere,
            _ => {
                let names = "query:NAME, query:NAME,NAME, rest:NAME, query, path, segment, last-segment, between:MARK, host, none";
                return Err(format!("the place {name:?} is none of {names}"));
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_told_what_is_wrong_with_a_rewriter() {
        for (line, wrong) in [
            (
                "links.corp.example /go query:to",
                "a host, a path, a place and a coding",
            ),
            ("links.corp.example /go query:to rot13", "none of plain, percent"),
            ("links.corp.example /go somewhere percent", "none of query:NAME"),
            ("links.corp.example go query:to percent", "begin with a slash"),
            ("https://x /go query:to percent", "is no host"),
        ] {
            assert!(Rewriter::of_line(line).unwrap_err().contains(wrong), "{line}");
        }
    }

    #[test]
    fn a_rewriter_of_ones_own_is_a_gateway() {
        let own = Rewriter::of_line("* /urlcheck/ query:to percent Our filter").unwrap();
        assert_eq!(
            (own.host.as_str(), own.role, own.maker.as_str()),
            ("*", RewriterRole::Gateway, "Our filter")
        );
    }
}
