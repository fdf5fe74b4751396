//! What is said of a link rewriter in a row of `data/link_rewriters.tsv` or in the configuration. How a link is unwrapped by it is for the
//! stage that finds links.

use super::host;

/// A rewriter: how its links are told from others, and how the target is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewriter {
    /// A pattern as [`host::fits`] takes it.
    pub host: String,
    /// What the path begins with, in lower case.
    pub path: String,
    /// Where the target lies.
    pub place: Place,
    /// How it is written.
    pub coding: Coding,
    /// Whose rewriter it is.
    pub maker: String,
}

/// Where in the path and query the target lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the first of these query parameters that there is.
    Parameter(Vec<String>),
    /// Everything after the `?`.
    Query,
    /// Everything after the beginning of the path that the row names.
    Path,
    /// After the last slash.
    LastSegment,
    /// Between this mark and the next one.
    Between(String),
}

/// How the target is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// As it is.
    Plain,
    /// With percent codes.
    Percent,
    /// Base64 of either alphabet, percent-coded or not.
    Base64,
    /// In hexadecimal digits.
    Hex,
    /// `-` for `%`, `_` for `/`.
    ProofpointV2,
    /// `__URL__;…`, with `*` for what stands in base64 after it.
    ProofpointV3,
    /// The maker alone knows the target; at most its host is told.
    HostOnly,
}

const CODINGS: [(&str, Coding); 7] = [
    ("plain", Coding::Plain),
    ("percent", Coding::Percent),
    ("base64", Coding::Base64),
    ("hex", Coding::Hex),
    ("proofpoint-v2", Coding::ProofpointV2),
    ("proofpoint-v3", Coding::ProofpointV3),
    ("host-only", Coding::HostOnly),
];

impl Rewriter {
    /// Of the cells of a row: host, path, place, coding, maker. An error says which cell is wrong and what it may be.
    pub fn new([host, path, place, coding, maker]: [&str; 5]) -> Result<Self, String> {
        if !path.starts_with('/') {
            return Err(format!("the path {path:?} does not begin with a slash"));
        }
        if host::canonical(host.trim_start_matches("*.").trim_end_matches(".*")).is_none() {
            return Err(format!("{host:?} is no host, *.host or name.*"));
        }
        let coding = CODINGS.iter().find(|(name, _)| *name == coding).ok_or_else(|| {
            let names = CODINGS.map(|(name, _)| name).join(", ");
            format!("the coding {coding:?} is none of {names}")
        })?;
        Ok(Self {
            host: host.to_ascii_lowercase(),
            path: path.to_ascii_lowercase(),
            place: Place::named(place)?,
            coding: coding.1,
            maker: maker.to_owned(),
        })
    }

    /// Of one line of the configuration: the cells parted by blanks. The maker comes last; without one it is the host.
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
        Self::new([host, path, place, coding, &maker])
    }
}

impl Place {
    fn named(name: &str) -> Result<Self, String> {
        Ok(match name.split_once(':') {
            Some(("query", names)) if !names.is_empty() => {
                Self::Parameter(names.split(',').map(str::to_owned).collect())
            }
            Some(("between", mark)) if !mark.is_empty() => Self::Between(mark.to_owned()),
            None if name == "query" => Self::Query,
            None if name == "path" => Self::Path,
            None if name == "last-segment" => Self::LastSegment,
            _ => {
                let names = "query:NAME, query:NAME,NAME, query, path, last-segment, between:MARK";
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
}
