//! Addresses that a page shows in two lines. Where a link of the page begins as the end of a line does, the line was broken within that
//! address, and nothing else in the text says so.

/// The text with such addresses in one piece.
pub fn lines(text: String, links: &[String]) -> String {
    if links.is_empty() || !text.contains("://") {
        return text;
    }
    let mut joined = String::with_capacity(text.len());
    let mut rest_of_text = text.split('\n').peekable();
    while let Some(line) = rest_of_text.next() {
        joined.push_str(line);
        if let Some(missing) = missing(line, links) {
            // The next line has the rest, or its beginning: it is not said twice.
            let next = rest_of_text.peek().map_or("", |next| next.trim_start());
            let word = next.split_whitespace().next().unwrap_or_default();
            let goes_on = !word.is_empty() && (missing.starts_with(word) || word.starts_with(missing));
            // What ends where a path may begin may be a whole address.
            if goes_on || !missing.starts_with(['/', '?', '#']) {
                joined.push_str(missing);
            }
            if goes_on && let Some(line) = rest_of_text.peek_mut() {
                *line = next.get(word.len().min(missing.len())..).unwrap_or_default();
            }
        }
        joined.push('\n');
    }
    joined.pop();
    joined
}

/// What the address at the end of a line lacks.
fn missing<'l>(line: &str, links: &'l [String]) -> Option<&'l str> {
    let word = line.split_whitespace().next_back()?;
    let begin = ["https://", "http://"].iter().find_map(|scheme| word.find(scheme))?;
    let shown = word.get(begin..)?;
    if links.iter().any(|link| link == shown) {
        return None;
    }
    let rests = links.iter().filter_map(|link| link.strip_prefix(shown));
    rests.filter(|rest| !rest.is_empty()).min_by_key(|rest| rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_joined_as_a_link_of_the_page_says() {
        let links = ["https://evil-dove.com/online-form/a.html?x=1".to_owned()];
        let cases = [
            (
                "see https://evil-dove.com/online-\nform/a.html?x=1 now\nx",
                "see https://evil-dove.com/online-form/a.html?x=1\n now\nx",
            ),
            (
                "https://evil-dove.com/online-\nform/\na.html?x=1",
                "https://evil-dove.com/online-form/a.html?x=1\n\na.html?x=1",
            ),
            (
                "(https://evil-dove.com/online-\n\nMore",
                "(https://evil-dove.com/online-form/a.html?x=1\n\nMore",
            ),
            (
                "https://evil-dove.com/online-form/a.html?x=1\nMore",
                "https://evil-dove.com/online-form/a.html?x=1\nMore",
            ),
            ("https://evil-dove.com\nMore", "https://evil-dove.com\nMore"),
            ("https://other-dove.com/a-\nb", "https://other-dove.com/a-\nb"),
        ];
        for (text, expected) in cases {
            assert_eq!(lines(text.to_owned(), &links), expected);
        }
        assert_eq!(lines("a\nb".to_owned(), &[]), "a\nb");
    }
}
