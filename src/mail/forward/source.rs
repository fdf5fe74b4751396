//! The lines in which quoted mails are looked for: what they were, and what they are without quote marks.

/// What the lines were before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A text as written: long header lines may be wrapped.
    Plain,
    /// Rendered HTML: a line is a whole line.
    Html,
}

/// A line without (up to) so many quote marks and one blank after them.
pub(super) fn unquote(line: &str, depth: usize) -> &str {
    let mut rest = line;
    for _ in 0..depth {
        match rest
            .strip_prefix('>')
            .or_else(|| rest.strip_prefix(" >").filter(|_| rest.len() < line.len()))
        {
            Some(tail) => rest = tail,
            None => break,
        }
    }
    if rest.len() < line.len() {
        rest.strip_prefix(' ').unwrap_or(rest)
    } else {
        rest
    }
}
