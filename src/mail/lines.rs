//! Lines of bytes: they end with LF, CRLF, or with CR where there is no LF at all. Also makes all line ends of a text alike, and joins the
//! lines of format=flowed.

/// One line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'x> {
    /// Where it begins.
    pub start: usize,
    /// Its bytes without the line end.
    pub content: &'x [u8],
    /// Where the next begins.
    pub end: usize,
}

/// The lines of a range of a message, one after another.
#[derive(Clone, Debug)]
pub(super) struct Lines<'x> {
    bytes: &'x [u8],
    position: usize,
    terminator: u8,
}

impl<'x> Lines<'x> {
    /// All lines of `bytes`.
    pub fn of(bytes: &'x [u8]) -> Self {
        let has_lf = memchr::memchr(b'\n', bytes).is_some();
        Self {
            bytes,
            position: 0,
            terminator: if has_lf { b'\n' } else { b'\r' },
        }
    }

    /// Where the next line begins.
    pub fn offset(&self) -> usize {
        self.position
    }

    /// What begins with the next line.
    pub fn rest(&self) -> &'x [u8] {
        self.bytes.get(self.position..).unwrap_or_default()
    }

    /// The same lines from `position` on, which must be the start of one.
    pub fn from(&self, position: usize) -> Self {
        Self {
            position,
            ..self.clone()
        }
    }

    /// Continues at `position`, which must be the start of a line.
    pub fn go_to(&mut self, position: usize) {
        self.position = position;
    }

    /// The next line that begins with two hyphens, as the delimiters of parts do.
    pub fn next_with_hyphens(&mut self) -> Option<Line<'x>> {
        let rest = self.rest();
        if !rest.starts_with(b"--") {
            let found = memchr::memmem::find(rest, &[self.terminator, b'-', b'-']);
            self.position += found.map_or(rest.len(), |at| at + 1);
        }
        self.next()
    }

    /// The next line, without stepping over it.
    pub fn peek(&self) -> Option<Line<'x>> {
        let rest = Some(self.rest()).filter(|rest| !rest.is_empty())?;
        let found = memchr::memchr(self.terminator, rest);
        let length = found.map_or(rest.len(), |at| at + 1);
        let mut content = rest.get(..found.unwrap_or(length)).unwrap_or_default();
        while let Some(cut) = content.strip_suffix(b"\r") {
            content = cut;
        }
        Some(Line {
            start: self.position,
            content,
            end: self.position + length,
        })
    }
}

impl<'x> Iterator for Lines<'x> {
    type Item = Line<'x>;

    fn next(&mut self) -> Option<Line<'x>> {
        let line = self.peek()?;
        self.position = line.end;
        Some(line)
    }
}

/// The text with every line end made a LF.
pub(super) fn with_line_feeds(text: String) -> String {
    if !text.contains('\r') {
        return text;
    }
    // In place: the text of a large mail is not held twice.
    let mut bytes = text.into_bytes();
    let mut before = 0;
    bytes.retain_mut(|byte| {
        let dropped = *byte == b'\n' && before == b'\r';
        before = *byte;
        if *byte == b'\r' {
            *byte = b'\n';
        }
        !dropped
    });
    bytes.shrink_to_fit();
    // Only ASCII was changed into ASCII, so it is UTF-8 still.
    String::from_utf8(bytes).unwrap_or_default()
}

/// The text with format=flowed (RFC 3676) undone: paragraphs whose lines end with a blank are joined again, quote marks stay. With
/// `delsp` the blank at a line's end is not part of the text.
pub(super) fn join_flowed(text: &str, delsp: bool) -> String {
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
    use super::{Lines, join_flowed};

    #[test]
    fn lines_that_begin_with_hyphens_are_found_in_any_text() {
        let texts: [&[u8]; 6] = [
            b"--a\r\nb--\r\n--\r\n\r\n-- c\n-d\n--e",
            b"a\r--b\r--c\rd",
            b"\r--a\n\n--\n",
            b"-\n-\n",
            b"",
            b"--",
        ];
        for text in texts {
            let all = Lines::of(text).filter(|line| line.content.starts_with(b"--"));
            let mut lines = Lines::of(text);
            let found = std::iter::from_fn(|| lines.next_with_hyphens());
            let starts = |lines: Vec<super::Line>| lines.iter().map(|line| (line.start, line.end)).collect::<Vec<_>>();
            assert_eq!(starts(found.collect()), starts(all.collect()), "{text:?}");
        }
    }

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
            assert_eq!(join_flowed(text, delsp), joined, "{text:?}");
        }
    }
}
