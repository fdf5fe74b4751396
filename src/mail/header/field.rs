//! Lines that begin a field of a header.

/// What a header block belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::mail) enum Place {
    /// A message, or an entity that is one alone.
    Top,
    /// A part of a multipart, in whose header only `Content-` fields mean anything.
    Part,
}

/// Name and value of a line that begins a field: printable characters, then a colon (blanks before it are forgiven).
pub(in crate::mail) fn field(line: &[u8]) -> Option<(&str, &[u8])> {
    let colon = line.iter().take(256).position(|b| *b == b':')?;
    let (name, value) = line.split_at_checked(colon)?;
    let name = name.trim_ascii_end();
    let value = value.get(1..).unwrap_or_default();
    // Neither a delimiter whose boundary has a colon nor a URL at the start of a text is a field.
    let token = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    let other = name.starts_with(b"--") || value.starts_with(b"//");
    let name = std::str::from_utf8(name).ok().filter(|_| token && !other)?;
    Some((name, value))
}

/// A field of MIME's.
pub(super) fn content_field(line: &[u8]) -> Option<&str> {
    let (name, _) = field(line)?;
    let start = name.get(..8)?;
    start.eq_ignore_ascii_case("content-").then_some(name)
}
