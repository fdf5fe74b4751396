//! A part that has no parts inside, with all that its header says about it.

use super::content_type::{Parameterised, clean_name};
use super::structure::{Part, Structure};
use super::transfer::Transfer;

/// What the header of such a part says, and where it stands.
pub(super) struct Leaf {
    pub content_type: Parameterised,
    pub name: Option<String>,
    pub attached: bool,
    pub transfer: Transfer,
    /// The Content-Types of the multiparts around it, innermost first.
    pub around: Vec<String>,
    /// Content-ID and Content-Location.
    pub places: Vec<String>,
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
        Self {
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

    /// Mail programs show it as text, if its bytes are text.
    pub fn is_text(&self) -> bool {
        let kind = self.content_type.value.as_str();
        let shown = kind
            .strip_prefix("text/")
            .is_some_and(|kind| !matches!(kind, "vcard" | "x-vcard" | "directory" | "rfc822-headers" | "rtf"));
        shown && self.name.is_none() && !self.attached
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
