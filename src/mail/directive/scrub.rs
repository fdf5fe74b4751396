//! Takes parameter lines and the key out of a raw message. Each text is decoded only when it may hold one, and encoded again
//! only when it did; all other bytes stay as they are.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::line::Judge;
use super::{apply, without};
use crate::config::{DirectiveSettings, MailSettings};
use crate::domain::ForwardWords;
use crate::mail::Headers;
use crate::mail::bounds::Bounds;
use crate::mail::forward::Told;
use crate::mail::leaf::Leaf;
use crate::mail::lines::Lines;
use crate::mail::transfer::Transfer;
use crate::mail::{charset, forward, html, role, signed, structure};

/// Attached mails are searched this deep.
const DEEPEST: usize = 16;
/// A key shorter than this is not swept from the text, which would fall to pieces.
const SHORTEST_KEY: usize = 4;

/// What shows that a text may hold a word without it being seen in the bytes.
const ENCODINGS: [&[u8]; 9] = [
    b"base64",
    b"quoted-printable",
    b"utf-16",
    b"utf16",
    b"ucs-2",
    b"unicode",
    b"\xff\xfe",
    b"\xfe\xff",
    b"html",
];

/// From this length on an automaton, with the time to build it, is faster than a look for each word.
const LONG: usize = 64 << 10;

static ENCODED: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| automaton(&ENCODINGS));

/// `None` for more words than an automaton can hold.
fn automaton(words: &[impl AsRef<[u8]>]) -> Option<AhoCorasick> {
    AhoCorasick::builder().ascii_case_insensitive(true).build(words).ok()
}

/// What is looked for, in any case.
pub(super) struct Search<'s> {
    limits: &'s MailSettings,
    words: Vec<Vec<u8>>,
    automaton: OnceCell<Option<AhoCorasick>>,
    key: Option<Vec<u8>>,
}

impl<'s> Search<'s> {
    /// `None` when there is nothing to look for.
    pub fn new(settings: &DirectiveSettings, limits: &'s MailSettings) -> Option<Self> {
        let key = settings.key.as_ref().map(|key| key.expose().as_bytes().to_vec());
        let key = key.filter(|key| key.len() >= SHORTEST_KEY);
        let prefix = Some(settings.prefix.as_bytes().to_vec()).filter(|prefix| !prefix.is_empty());
        let words: Vec<Vec<u8>> = prefix.into_iter().chain(key.clone()).collect();
        (!words.is_empty()).then(|| Self {
            limits,
            words,
            automaton: OnceCell::new(),
            key,
        })
    }

    /// Whether a message can hold any of it.
    pub fn may_hold(&self, raw: &[u8]) -> bool {
        has_any(raw, &ENCODINGS, || ENCODED.as_ref()) || self.is_in(raw)
    }

    /// Whether one of the words is in the text.
    fn is_in(&self, text: &[u8]) -> bool {
        has_any(text, &self.words, || {
            self.automaton.get_or_init(|| automaton(&self.words)).as_ref()
        })
    }

    /// The bytes without the key, when it is in them.
    pub fn sweep(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let key = self.key.as_deref()?;
        memchr::memmem::find(bytes, key)?;
        let ranges = memchr::memmem::find_iter(bytes, key)
            .map(|at| at..at + key.len())
            .collect();
        Some(without(bytes, ranges))
    }

    /// The bytes with the key overwritten, for files whose lengths must stay.
    fn blank_out(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let key = self.key.as_deref()?;
        memchr::memmem::find(bytes, key)?;
        let mut out = bytes.to_vec();
        for at in memchr::memmem::find_iter(bytes, key) {
            if let Some(place) = out.get_mut(at..at + key.len()) {
                place.fill(b' ');
            }
        }
        Some(out)
    }
}

/// Whether one of the words is in the text, in any case.
fn has_any<'a>(text: &[u8], words: &[impl AsRef<[u8]>], automaton: impl FnOnce() -> Option<&'a AhoCorasick>) -> bool {
    match (text.len() >= LONG).then(automaton).flatten() {
        Some(automaton) => automaton.is_match(text),
        None => words.iter().any(|word| holds(text, word.as_ref())),
    }
}

/// Whether `word` is in the text, in any case. Looks for a byte of it that is no letter, since letters are everywhere.
fn holds(text: &[u8], word: &[u8]) -> bool {
    let at = word.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(0);
    let Some(byte) = word.get(at) else { return true };
    let places = memchr::memchr2_iter(byte.to_ascii_lowercase(), byte.to_ascii_uppercase(), text);
    places
        .filter_map(|place| text.get(place.checked_sub(at)?..))
        .any(|rest| {
            let here = rest.get(..word.len());
            here.is_some_and(|here| here.eq_ignore_ascii_case(word))
        })
}

/// A message or attached mail without its parameter lines; `None` when it had none.
pub(super) fn message(raw: &[u8], search: &Search<'_>, judge: &mut Judge<'_>, level: usize) -> Option<Vec<u8>> {
    let structure = structure::read(raw, &Bounds::new(search.limits));
    let (none, words) = (Headers::default(), ForwardWords::default());
    let headers = structure.parts.first().map_or(&none, |top| &top.headers);
    let told = Told::of(headers, &words);
    let mut edits: Vec<(Range<usize>, Vec<u8>)> = Vec::new();
    for (index, part) in structure
        .parts
        .iter()
        .enumerate()
        .filter(|(_, part)| !part.is_multipart)
    {
        let mut body = part.body.clone();
        if index == 0 && !part.headers.fields.iter().any(|field| role::is_mail_field(&field.name)) {
            body.start = 0;
        }
        let Some(bytes) = raw.get(body.clone()) else { continue };
        let leaf = Leaf::of(&structure, index, part);
        if !may_hold_text(&leaf) {
            continue;
        }
        let decoded = match leaf.transfer {
            Transfer::Identity => Cow::Borrowed(bytes),
            other => Cow::Owned(other.decode(bytes).bytes),
        };
        let place = Place { level, told };
        if let Some(clean) = part_without(&decoded, &leaf, search, judge, &place) {
            edits.push((body, leaf.transfer.encode(&clean)));
        }
    }
    (!edits.is_empty()).then(|| apply(raw, edits))
}

/// False for the large files of a mail, which need not be decoded to know that they hold no text of it.
fn may_hold_text(leaf: &Leaf) -> bool {
    let kind = leaf.content_type.value.as_str();
    let name = leaf.name.as_deref().unwrap_or_default();
    let is_file = ["image/", "audio/", "video/", "font/"]
        .iter()
        .any(|family| kind.starts_with(family))
        || matches!(
            kind,
            "application/pdf" | "application/zip" | "application/x-msdos-program"
        );
    !is_file || name.to_ascii_lowercase().ends_with(".eml")
}

/// Where a text stands.
struct Place<'t> {
    level: usize,
    told: Told<'t>,
}

fn part_without(
    bytes: &[u8],
    leaf: &Leaf,
    search: &Search<'_>,
    judge: &mut Judge<'_>,
    place: &Place<'_>,
) -> Option<Vec<u8>> {
    if role::is_embedded_mail(leaf, bytes) {
        return if place.level < DEEPEST {
            message(bytes, search, judge, place.level + 1)
        } else {
            search.sweep(bytes)
        };
    }
    let kind = leaf.content_type.value.as_str();
    if signed::is_smime(kind, leaf.name.as_deref()) {
        return search.blank_out(bytes);
    }
    if !kind.starts_with("text/") {
        return None;
    }
    let label = leaf.content_type.parameter("charset");
    let own = leaf.is_text() && place.level == 0;
    let edit = |text: &[u8], judge: &mut Judge<'_>| -> Option<Vec<u8>> {
        let lines = Lined { own, told: place.told };
        let cut = if kind == "text/html" && (own || search.key.is_some()) {
            html_without(text, &lines, search, judge)
        } else {
            lines.plain_without(text, search, judge)
        };
        match &cut {
            Some(cut) => search.sweep(cut),
            None => search.sweep(text),
        }
        .or(cut)
    };
    if let Some(encoding) = charset::wide(label, bytes) {
        let text = encoding.decode_without_bom_handling(bytes).0.into_owned();
        let clean = edit(text.as_bytes(), judge)?;
        let big = encoding == encoding_rs::UTF_16BE;
        let units = String::from_utf8_lossy(&clean).into_owned();
        let units = units
            .encode_utf16()
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
        return Some(units.collect());
    }
    edit(bytes, judge)
}

/// How the lines of a text are to be taken.
struct Lined<'t> {
    /// The text is the mail's own; else only lines with the key go.
    own: bool,
    told: Told<'t>,
}

impl Lined<'_> {
    fn plain_without(&self, text: &[u8], search: &Search<'_>, judge: &mut Judge<'_>) -> Option<Vec<u8>> {
        if !search.is_in(text.as_ref()) {
            return None;
        }
        let readable = String::from_utf8_lossy(text);
        let forwarded = forward::first_line(&readable.replace("\r\n", "\n"), self.told).unwrap_or(usize::MAX);
        let mut cut = Vec::new();
        for (number, line) in Lines::of(text).enumerate() {
            if self.judged(&String::from_utf8_lossy(line.content), number < forwarded, judge) {
                cut.push(line.start..line.end);
            }
        }
        (!cut.is_empty()).then(|| without(text, cut))
    }

    /// True when the line has to go.
    fn judged(&self, line: &str, before_forward: bool, judge: &mut Judge<'_>) -> bool {
        let unquoted = line.trim_start().trim_start_matches(['>', ' ', '|']);
        let quoted = unquoted.len() < line.trim_start().len();
        let Some(rest) = judge.after_prefix(unquoted) else {
            return false;
        };
        if !self.own {
            return judge.holds_key(line);
        }
        if quoted || !before_forward {
            judge.ignore();
        } else {
            judge.hear(rest);
        }
        true
    }
}

/// Rendered lines tell what a reader sees; of such a line only the text goes, the tags around it stay.
fn html_without(bytes: &[u8], lines: &Lined<'_>, search: &Search<'_>, judge: &mut Judge<'_>) -> Option<Vec<u8>> {
    if !search.is_in(bytes) {
        return None;
    }
    let source = String::from_utf8(bytes.to_vec()).unwrap_or_else(|error| {
        // One character for each byte, so that places in the text are those of the bytes once more below.
        error.as_bytes().iter().map(|byte| char::from(*byte)).collect()
    });
    let latin = source.len() != bytes.len();
    let rendered = html::run(&source, html::Trace::Pieces);
    let forwarded = forward::first_line(&rendered.text, lines.told).unwrap_or(usize::MAX);
    let mut cut: Vec<Range<usize>> = Vec::new();
    for (number, line) in rendered.text.split('\n').enumerate() {
        if !lines.judged(line, number < forwarded, judge) {
            continue;
        }
        for (start, end) in rendered.pieces.get(number).into_iter().flatten() {
            cut.extend(piece_of_line(&source, *start..*end, judge));
        }
    }
    if cut.is_empty() {
        return None;
    }
    cut.sort_by_key(|range| (range.start, range.end));
    let clean = without(source.as_bytes(), cut);
    if !latin {
        return Some(clean);
    }
    let text = String::from_utf8_lossy(&clean);
    Some(text.chars().filter_map(|c| u8::try_from(u32::from(c)).ok()).collect())
}

/// What of a stretch of source goes: in preformatted text it has several lines, of which only some are parameter lines.
fn piece_of_line(source: &str, range: Range<usize>, judge: &Judge<'_>) -> Vec<Range<usize>> {
    let text = source.get(range.clone()).unwrap_or_default();
    let lines: Vec<_> = Lines::of(text.as_bytes()).collect();
    let is_parameter = |content: &[u8]| judge.after_prefix(&String::from_utf8_lossy(content)).is_some();
    let some: Vec<_> = lines
        .iter()
        .filter(|line| is_parameter(line.content))
        .map(|line| range.start + line.start..range.start + line.end)
        .collect();
    let blank = |line: &&crate::mail::lines::Line<'_>| !line.content.trim_ascii().is_empty();
    if lines.iter().filter(blank).count() > 1 && !some.is_empty() {
        some
    } else {
        vec![range]
    }
}
