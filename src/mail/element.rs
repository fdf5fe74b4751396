//! Which HTML elements stand on lines of their own, which hold no text, and which end without an end tag.

/// Whether an element begins and ends a line.
pub(super) fn is_block(tag: &str) -> bool {
    #[rustfmt::skip]
    let is_block = matches!(
        tag,
        "address" | "article" | "aside" | "blockquote" | "body" | "caption" | "center" | "dd" | "details" | "dialog" | "dir" | "div"
            | "dl" | "dt" | "fieldset" | "figcaption" | "figure" | "footer" | "form" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
            | "header" | "hr" | "html" | "legend" | "li" | "main" | "menu" | "nav" | "ol" | "optgroup" | "option" | "p" | "pre"
            | "section" | "select" | "summary" | "table" | "tbody" | "textarea" | "tr" | "ul" | "xmp"
    );
    is_block
}

/// Whether an element has no content and no end tag.
pub(super) fn is_void(tag: &str) -> bool {
    #[rustfmt::skip]
    let is_void = matches!(
        tag,
        "area" | "base" | "basefont" | "bgsound" | "br" | "col" | "embed" | "frame" | "hr" | "img" | "input" | "link" | "meta"
            | "param" | "source" | "track" | "wbr"
    );
    is_void
}

/// The elements that end where `tag` begins. Authors may leave out their end tags.
pub(super) fn ended_by(tag: &str) -> &'static [&'static str] {
    match tag {
        "li" => &["li", "p"],
        "dd" | "dt" => &["dd", "dt", "p"],
        "td" | "th" => &["td", "th"],
        "tr" => &["tr", "td", "th"],
        "option" => &["option"],
        tag if is_block(tag) => &["p"],
        _ => &[],
    }
}

/// Gives the element back if browsers do not show its content.
pub(super) fn silent(tag: &str) -> Option<&'static str> {
    ["script", "style", "title", "iframe", "noembed"]
        .into_iter()
        .find(|silent| *silent == tag)
}
