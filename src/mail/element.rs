//! Which HTML elements stand on lines of their own, and which hold no text.

/// Elements that stand on lines of their own.
const BLOCKS: [&str; 47] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "optgroup",
    "option",
    "p",
    "pre",
    "section",
    "select",
    "summary",
    "table",
    "tbody",
    "textarea",
    "tr",
    "ul",
    "xmp",
];

/// Elements whose content is no text of the mail.
const SILENT: [&str; 5] = ["script", "style", "title", "iframe", "noembed"];

/// True for an element that begins and ends a line.
pub(super) fn is_block(tag: &str) -> bool {
    BLOCKS.binary_search(&tag).is_ok()
}

/// The element, if its content is not shown.
pub(super) fn silent(tag: &str) -> Option<&'static str> {
    SILENT.iter().find(|silent| **silent == tag).copied()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_list_can_be_searched() {
        assert!(super::BLOCKS.is_sorted());
    }
}
