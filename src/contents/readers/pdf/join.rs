//! Addresses that a page shows in two lines. Where a link of the page begins as the end of a line does, the line was broken within that
//! address, and nothing else in the text says so.

use crate::contents::Stop;

/// Links that begin alike of which the shortest is taken.
const ALIKE: usize = 64;

/// The text with such addresses in one piece. `links` are in order. `grow` is asked before the text becomes longer: one link may stand for
/// any number of lines.
pub fn lines(text: String, links: &[String], mut grow: impl FnMut(usize) -> Result<(), Stop>) -> Result<String, Stop> {
    if links.is_empty() || !text.contains("://") {
        return Ok(text);
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
                grow(missing.len())?;
                joined.push_str(missing);
            }
            if goes_on && let Some(line) = rest_of_text.peek_mut() {
                *line = next.get(word.len().min(missing.len())..).unwrap_or_default();
            }
        }
        joined.push('\n');
    }
    joined.pop();
    Ok(joined)
}

/// What the address at the end of a line lacks.
fn missing<'l>(line: &str, links: &'l [String]) -> Option<&'l str> {
    let word = line.split_whitespace().next_back()?;
    let begin = ["https://", "http://"].iter().find_map(|scheme| word.find(scheme))?;
    let shown = word.get(begin..)?;
    // A link that is shown whole is found; those that go on from there stand behind it.
    let at = links.binary_search_by(|link| link.as_str().cmp(shown)).err()?;
    let rests = links.get(at..)?.iter().map_while(|link| link.strip_prefix(shown));
    rests.take(ALIKE).min_by_key(|rest| rest.len())
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
            assert_eq!(lines(text.to_owned(), &links, |_| Ok(())).unwrap(), expected);
        }
        assert_eq!(lines("a\nb".to_owned(), &[], |_| Ok(())).unwrap(), "a\nb");
    }

    #[test]
    fn one_link_does_not_make_a_text_grow_without_an_end() {
        let links = [format!("https://evil-dove.com/{}", "a".repeat(1000))];
        let text = "https://evil-dove.com/a\n".repeat(1000);
        let mut room: usize = 10_000;
        let grow = |bytes| {
            room = room.checked_sub(bytes).ok_or(Stop::Size)?;
            Ok(())
        };
        assert_eq!(lines(text, &links, grow), Err(Stop::Size));
    }
}
