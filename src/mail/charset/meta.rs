//! The charset that an HTML page declares in itself, where its part declares none.

/// How far browsers look for it, and somewhat more, as mails begin with long style sheets.
const WINDOW: usize = 8192;

/// The label in `<meta charset=…>`, `<meta … content="text/html; charset=…">` or `<?xml … encoding=…?>`.
pub(in crate::mail) fn declared_in_html(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..WINDOW).unwrap_or(bytes).to_ascii_lowercase();
    let xml = head.trim_ascii_start().strip_prefix(b"<?xml");
    let in_xml = xml.and_then(|rest| value(rest.split(|byte| *byte == b'>').next()?, b"encoding"));
    let mut metas = memchr::memmem::find_iter(&head, b"<meta");
    let in_meta = metas.find_map(|at| {
        let tag = head.get(at..)?;
        value(tag.split(|byte| *byte == b'>').next()?, b"charset")
    });
    // Whoever can read the declaration is not reading UTF-16.
    in_meta.or(in_xml).filter(|label| !label.starts_with("utf-16"))
}

/// What stands behind `name` and `=` in a tag, quoted or not.
fn value(tag: &[u8], name: &[u8]) -> Option<String> {
    memchr::memmem::find_iter(tag, name).find_map(|at| {
        let rest = tag.get(at + name.len()..)?.trim_ascii_start().strip_prefix(b"=")?;
        let rest = rest.trim_ascii_start();
        let rest = rest
            .strip_prefix(b"\"")
            .or_else(|| rest.strip_prefix(b"'"))
            .unwrap_or(rest);
        let ends = |byte: &u8| byte.is_ascii_whitespace() || b"\"';/>".contains(byte);
        let label = rest.get(..rest.iter().position(ends).unwrap_or(rest.len()))?;
        (!label.is_empty()).then(|| String::from_utf8_lossy(label).into_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::declared_in_html;

    #[test]
    fn a_page_declares_its_charset_in_several_ways() {
        let facts = [
            ("<html><META CHARSET=\"Windows-1251\">", Some("windows-1251")),
            ("<meta charset=koi8-r>", Some("koi8-r")),
            (
                "<meta http-equiv=Content-Type content='text/html; charset=gb2312'>",
                Some("gb2312"),
            ),
            ("<?xml version='1.0' encoding='shift_jis'?><html>", Some("shift_jis")),
            ("<meta name=x><meta charset = 'big5' >", Some("big5")),
            ("<meta charset=utf-16le>", None),
            ("<p>charset=koi8-r", None),
            ("<meta charset>", None),
            ("", None),
        ];
        for (html, label) in facts {
            assert_eq!(declared_in_html(html.as_bytes()).as_deref(), label, "{html}");
        }
    }
}
