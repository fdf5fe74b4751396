//! A part that has no parts inside, with all that its header says about it.

use super::Headers;
use super::content_type::{Parameterised, clean_name};
use super::structure::{Part, Structure};
use super::transfer::Transfer;
use crate::domain::{Ending, EndingUse};

/// What the header of such a part says, and where it stands.
pub(super) struct Leaf {
    pub content_type: Parameterised,
    pub name: Option<String>,
    pub attached: bool,
    pub transfer: Transfer,
    /// The Content-Types of the multiparts around it, innermost first.
    pub around: Vec<String>,
    /// Its Content-ID and Content-Location.
    pub places: Vec<String>,
    /// The address that relative links in it start from (RFC 2557). Archived web pages have one.
    pub base: Option<String>,
    /// It is the only part of the mail, or one of the alternative forms of its text.
    pub is_whole: bool,
}

impl Leaf {
    pub fn of(structure: &Structure, index: usize, part: &Part) -> Self {
        let disposition = part.headers.parameterised("Content-Disposition");
        let name = disposition
            .decoded("filename")
            .or_else(|| part.content_type.decoded("name"))
            .and_then(|name| clean_name(&name));
        let mut content_type = part.content_type.clone();
        if !content_type.value.contains('/') {
            let in_digest = structure.around(index).next();
            let in_digest = in_digest.is_some_and(|(_, parent)| parent.content_type.value == "multipart/digest");
            let default = match (in_digest, &name) {
                (true, _) => "message/rfc822",
                (false, Some(_)) => "application/octet-stream",
                (false, None) => "text/plain",
            };
            default.clone_into(&mut content_type.value);
        }
        let place = |name: &str| {
            let value = part.headers.first(name)?.trim().trim_matches(['<', '>']);
            (!value.is_empty()).then(|| value.to_owned())
        };
        let alternative = |parent: &Part| parent.content_type.value == "multipart/alternative";
        Self {
            base: base(&part.headers).or_else(|| structure.around(index).find_map(|(_, part)| base(&part.headers))),
            is_whole: structure
                .around(index)
                .next()
                .is_none_or(|(_, parent)| alternative(parent)),
            content_type,
            name,
            attached: disposition.value == "attachment",
            transfer: Transfer::of(part.headers.first("Content-Transfer-Encoding")),
            around: structure
                .around(index)
                .map(|(_, part)| part.content_type.value.clone())
                .collect(),
            places: ["Content-ID", "Content-Location"]
                .into_iter()
                .filter_map(place)
                .collect(),
        }
    }

    /// It is declared as HTML.
    pub fn is_page(&self) -> bool {
        is_page(&self.content_type.value)
    }

    /// Mail clients show it as text. They do that with a named text too, unless it is program code.
    pub fn is_text(&self) -> bool {
        let kind = self.content_type.value.as_str();
        let shown = kind
            .strip_prefix("text/")
            .is_some_and(|kind| !matches!(kind, "vcard" | "x-vcard" | "directory" | "rfc822-headers" | "rtf"));
        shown && !self.attached && (self.name.is_none() || is_prose(kind))
    }

    /// A named text is also a file that a person can save. The only text of a mail is not, if its name is one of a text.
    pub fn is_file_too(&self) -> bool {
        self.name.as_deref().is_some_and(|name| {
            let ending = Ending::of_name(name);
            let of_text = ending.is_none_or(|ending| ending.mime() == Some("text/html") || ending.is(EndingUse::Text));
            !(self.is_whole && of_text)
        })
    }

    /// Rich text beside plain text and HTML is one more form of the same text.
    pub fn is_rich_alternative(&self, bytes: &[u8]) -> bool {
        let rich = matches!(
            self.content_type.value.as_str(),
            "text/rtf" | "application/rtf" | "text/richtext"
        );
        let alternative = self
            .around
            .first()
            .is_some_and(|parent| parent == "multipart/alternative");
        let bears_out = bytes.trim_ascii_start().starts_with(b"{\\rtf");
        rich && alternative && bears_out && self.name.is_none() && !self.attached
    }
}

/// A type of text that people read.
fn is_prose(kind: &str) -> bool {
    is_page(kind) || matches!(kind, "text/plain" | "text/enriched" | "text/calendar")
}

/// A type of HTML: for mail programs of all kinds, for those that run AMP, for watches.
fn is_page(kind: &str) -> bool {
    matches!(kind, "text/html" | "text/x-amp-html" | "text/watch-html")
}

/// The address that a header declares for its page, if it is one on the web.
fn base(headers: &Headers) -> Option<String> {
    let values = ["Content-Base", "Content-Location"]
        .into_iter()
        .filter_map(|name| headers.first(name));
    let is_web = |value: &&str| value.starts_with("http://") || value.starts_with("https://");
    values
        .map(|value| value.trim().trim_matches(['"', '<', '>']))
        .find(is_web)
        .map(str::to_owned)
}
