//! format=flowed (RFC 3676): paragraphs whose lines end with a blank are joined again. Quote marks stay.

/// Joins flowed lines; with `delsp` the blank at their end is not part of the text.
pub(super) fn join(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let depth = line.bytes().take_while(|b| *b == b'>').count();
        let content = line.get(depth..).unwrap_or_default();
        let content = content.strip_prefix(' ').unwrap_or(content);
        let signature = content == "-- ";
        let joins = open == Some(depth) && !signature;
        if !joins {
            if !out.is_empty() || open.is_some() {
                out.push('\n');
            }
            out.extend(std::iter::repeat_n('>', depth));
            if depth > 0 {
                out.push(' ');
            }
        }
        let flows = content.ends_with(' ') && !signature;
        out.push_str(content.strip_suffix(' ').filter(|_| flows && delsp).unwrap_or(content));
        open = flows.then_some(depth);
        if !flows && !joins && out.is_empty() {
            // An empty first line is a line too.
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn flowed_lines_are_joined_at_their_depth() {
        let facts = [
            ("one \ntwo\nthree", false, "one two\nthree"),
            ("http://evil.com/ \npath", true, "http://evil.com/path"),
            ("> a \n> b\nc", false, "> a b\nc"),
            ("> a \nb", false, "> a \nb"),
            ("text\n-- \nname \nline", false, "text\n-- \nname line"),
            (" From me\n", false, "From me\n"),
        ];
        for (text, delsp, joined) in facts {
            assert_eq!(join(text, delsp), joined, "{text:?}");
        }
    }
}
