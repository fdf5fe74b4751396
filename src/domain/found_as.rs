//! How a find was found: what a reader could do with it, not where it stood.

use serde::Serialize;

/// How a find was found. The later one of two says more: it is kept when the same value is found twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FoundAs {
    /// In HTML that no reader sees, and no link to click.
    Hidden,
    /// Written in a text that is shown, as no link.
    #[default]
    Prose,
    /// Written in a text so that nobody clicks on it.
    Defanged,
    /// In a header field.
    Header,
    /// In an attached file.
    Attachment,
    /// The text of a link that leads elsewhere.
    ShownOverLink,
    /// Fetched when the mail is shown: a picture, a style sheet, a frame.
    Loaded,
    /// Named by a program in a page that a link holds.
    Script,
    /// The page goes there by itself.
    Redirect,
    /// In a code that a telephone reads from a picture.
    Code,
    /// A form sends there what a person fills in.
    Form,
    /// A link to click. Mail programs make one of a URL in a text, too.
    Link,
}
