//! Which HTML elements stand on lines of their own, and which hold no text.

/// True for an element that begins and ends a line.
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

/// The element, if its content is not shown.
pub(super) fn silent(tag: &str) -> Option<&'static str> {
    ["script", "style", "title", "iframe", "noembed"]
        .into_iter()
        .find(|silent| *silent == tag)
}
