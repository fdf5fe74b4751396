//! The forms in which header and body are signed (RFC 6376, 3.4). Every line end counts as CRLF, as it was on the way.

use std::collections::HashMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Form {
    Simple,
    Relaxed,
}

impl Form {
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "simple" => Some(Self::Simple),
            "relaxed" => Some(Self::Relaxed),
            _ => None,
        }
    }
}

/// A message as it came, split into fields and body.
pub(super) struct Message<'m> {
    /// Each with its continuation lines, without its last line end.
    fields: Vec<&'m [u8]>,
    by_name: HashMap<String, Vec<usize>>,
    body: &'m [u8],
}

impl<'m> Message<'m> {
    pub fn split(raw: &'m [u8]) -> Self {
        let mut fields: Vec<(usize, usize)> = Vec::new();
        let mut at = 0;
        let mut body = raw.len();
        for (line, end) in lines(raw) {
            if line.is_empty() {
                body = end;
                break;
            }
            match fields.last_mut() {
                Some(field) if line.starts_with(b" ") || line.starts_with(b"\t") => field.1 = at + line.len(),
                _ => fields.push((at, at + line.len())),
            }
            at = end;
        }
        let fields: Vec<&[u8]> = fields
            .into_iter()
            .filter_map(|(start, end)| raw.get(start..end))
            .collect();
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, field) in fields.iter().enumerate() {
            if let Some((name, _)) = split(field) {
                let name = String::from_utf8_lossy(name).trim().to_ascii_lowercase();
                by_name.entry(name).or_default().push(index);
            }
        }
        Self {
            fields,
            by_name,
            body: raw.get(body..).unwrap_or_default(),
        }
    }

    /// The places of the fields of that lower-case name, from above.
    pub fn named(&self, name: &str) -> impl Iterator<Item = usize> {
        self.by_name.get(name).cloned().unwrap_or_default().into_iter()
    }

    pub fn value(&self, field: usize) -> &'m [u8] {
        let field = self.fields.get(field).copied().unwrap_or_default();
        split(field).map_or(&[], |(_, value)| value)
    }

    /// The fields that `names` lists, from below, then the one with the signature, without the value of its tag `b`.
    pub fn header(&self, form: Form, names: &[&str], signature: usize) -> Vec<u8> {
        let mut taken: HashMap<&str, usize> = HashMap::new();
        let mut signed = Vec::new();
        for name in names {
            let places = self.by_name.get(*name).map_or(&[][..], Vec::as_slice);
            let count = taken.entry(name).or_default();
            *count += 1;
            // A name once more than there are fields says that there was no other.
            let place = places.len().checked_sub(*count).and_then(|place| places.get(place));
            if let Some(field) = place.and_then(|place| self.fields.get(*place)) {
                form.field(field, &mut signed);
                signed.extend_from_slice(b"\r\n");
            }
        }
        let field = self.fields.get(signature).copied().unwrap_or_default();
        form.field(&without_signature(field), &mut signed);
        signed
    }

    /// Calls `emit` with the pieces of the body.
    pub fn body(&self, form: Form, emit: &mut dyn FnMut(&[u8])) {
        let mut blank = 0_usize;
        let mut is_empty = true;
        for (line, _) in lines(self.body) {
            let line = match form {
                Form::Simple => line,
                Form::Relaxed => trim_end(line),
            };
            if line.is_empty() {
                blank += 1;
                continue;
            }
            (0..blank).for_each(|_| emit(b"\r\n"));
            blank = 0;
            is_empty = false;
            form.line(line, emit);
            emit(b"\r\n");
        }
        if is_empty && form == Form::Simple {
            emit(b"\r\n");
        }
    }
}

impl Form {
    fn field(self, field: &[u8], out: &mut Vec<u8>) {
        match (self, split(field)) {
            (Self::Relaxed, Some((name, value))) => {
                out.extend(trim_end(name).to_ascii_lowercase());
                out.push(b':');
                let unfolded: Vec<u8> = value.iter().copied().filter(|byte| !b"\r\n".contains(byte)).collect();
                let start = unfolded.iter().position(|byte| !is_blank(*byte));
                let value = start.and_then(|start| unfolded.get(start..)).unwrap_or_default();
                self.line(trim_end(value), &mut |piece| out.extend_from_slice(piece));
            }
            _ => {
                for (index, (line, _)) in lines(field).enumerate() {
                    if index > 0 {
                        out.extend_from_slice(b"\r\n");
                    }
                    out.extend_from_slice(line);
                }
            }
        }
    }

    /// A line, in the relaxed form with one blank for several.
    fn line(self, line: &[u8], emit: &mut dyn FnMut(&[u8])) {
        if self == Self::Simple {
            return emit(line);
        }
        let mut rest = line;
        while let Some(at) = rest.iter().position(|byte| is_blank(*byte)) {
            let (word, blanks) = rest.split_at(at);
            emit(word);
            emit(b" ");
            let end = blanks.iter().position(|byte| !is_blank(*byte));
            rest = end.and_then(|end| blanks.get(end..)).unwrap_or_default();
        }
        emit(rest);
    }
}

/// Lines without their ends, each with the place where the next begins.
fn lines(raw: &[u8]) -> impl Iterator<Item = (&[u8], usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = raw.get(at..).filter(|rest| !rest.is_empty())?;
        let end = memchr::memchr(b'\n', rest);
        let line = rest.get(..end.unwrap_or(rest.len()))?;
        at += end.map_or(rest.len(), |end| end + 1);
        // Only a whole CRLF is a line end.
        let line = line.strip_suffix(b"\r").filter(|_| end.is_some()).unwrap_or(line);
        Some((line, at))
    })
}

/// Name and value of a field.
fn split(field: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = memchr::memchr(b':', field)?;
    let (name, value) = field.split_at_checked(colon)?;
    Some((name, value.get(1..)?))
}

/// The field whose tag `b` has no value.
fn without_signature(field: &[u8]) -> Vec<u8> {
    let Some((name, value)) = split(field) else {
        return field.to_vec();
    };
    let mut kept = [name, b":"].concat();
    for (index, tag) in value.split(|byte| *byte == b';').enumerate() {
        if index > 0 {
            kept.push(b';');
        }
        let equals =
            memchr::memchr(b'=', tag).filter(|at| tag.get(..*at).is_some_and(|name| name.trim_ascii() == b"b"));
        let end = equals.map_or(tag.len(), |at| at + 1);
        kept.extend_from_slice(tag.get(..end).unwrap_or_default());
    }
    kept
}

fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

fn trim_end(line: &[u8]) -> &[u8] {
    let end = line.iter().rposition(|byte| !is_blank(*byte)).map_or(0, |at| at + 1);
    line.get(..end).unwrap_or_default()
}
