//! The words of mail programs that forward a mail: those of `data/forward_words.tsv` and those that a user adds. The `mail` stage
//! reads lines by them.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use hashbrown::HashMap;

/// Kind and words of each row. A kind is one of the lines above a mail, a prefix of subjects, or the name of a header field.
const ROWS: &[[&str; 2]] = include!(concat!(env!("OUT_DIR"), "/forward_words.rs"));

/// Words of mail programs by meaning: those of a user, which come before those of the table.
#[derive(Clone, Debug, Default)]
pub struct ForwardWords {
    /// Whole lines that begin a forward, in lower case.
    pub whole_lines: Vec<String>,
    /// Lines above a quoted mail, with the kind of the row.
    pub lines: Meanings,
    /// Names of header fields, with the field that they mean.
    pub labels: Meanings,
    /// Prefixes of subjects, with the kind of the row.
    pub prefixes: Meanings,
    /// Words of a line that says who wrote the text below, and when.
    pub wrote: Meanings,
}

/// Words and what they mean.
pub type Meanings = HashMap<Cow<'static, str>, &'static str>;

/// The words of the table.
static KNOWN: LazyLock<ForwardWords> = LazyLock::new(|| {
    let mut known = ForwardWords::default();
    for [kind, words] in ROWS {
        known.insert(kind, Cow::Borrowed(words));
    }
    known
});

impl ForwardWords {
    /// Adds words by their kinds. The error names the kinds.
    pub fn new(words: &[(String, Vec<String>)]) -> Result<Self, String> {
        let mut all = Self::default();
        for (kind, words) in words {
            words.iter().try_for_each(|words| all.add(kind, words))?;
        }
        Ok(all)
    }

    /// Adds whole lines that begin a forward. Ignores case and blanks around them.
    #[must_use]
    pub fn with_lines(mut self, lines: &[String]) -> Self {
        let lines = lines.iter().map(|line| bare_line(line)).filter(|line| !line.is_empty());
        self.whole_lines.extend(lines);
        self
    }

    /// Adds words of a kind, which must be one of the table's. The error names the kinds.
    pub fn add(&mut self, kind: &str, words: &str) -> Result<(), String> {
        let known = ROWS
            .iter()
            .map(|[known, _]| *known)
            .find(|known| known.eq_ignore_ascii_case(kind));
        let Some(known) = known else {
            let kinds: BTreeSet<&str> = ROWS.iter().map(|[kind, _]| *kind).collect();
            let kinds = kinds.into_iter().collect::<Vec<_>>().join(", ");
            return Err(format!("{kind:?} is none of {kinds}"));
        };
        self.insert(known, Cow::Owned(folded(words.trim())));
        Ok(())
    }

    fn insert(&mut self, kind: &'static str, words: Cow<'static, str>) {
        let meanings = match kind {
            "forwarded" | "begin" | "original" => &mut self.lines,
            "reply" | "forward" => &mut self.prefixes,
            "wrote" | "writer" => &mut self.wrote,
            _ => &mut self.labels,
        };
        meanings.insert(words, kind);
    }

    /// True if a user added no words.
    pub fn is_empty(&self) -> bool {
        let words = [&self.lines, &self.labels, &self.prefixes, &self.wrote];
        self.whole_lines.is_empty() && words.iter().all(|words| words.is_empty())
    }

    /// The meaning of these words among the lines, labels or prefixes.
    pub fn meaning(&self, words: &str, of: fn(&Self) -> &Meanings) -> Option<&'static str> {
        of(self).get(words).or_else(|| of(&KNOWN).get(words)).copied()
    }

    /// The words of the table.
    pub fn known() -> &'static Self {
        &KNOWN
    }
}

/// The form in which words are compared: lower case, one kind of apostrophe and blank, and without the dot that Rust leaves
/// of the Turkish İ.
pub fn folded(words: &str) -> String {
    let lower = words.to_lowercase();
    if lower.is_ascii() {
        return lower;
    }
    let fold = |c| match c {
        '\u{2019}' => Some('\''),
        '\u{a0}' | '\u{202f}' => Some(' '),
        '\u{307}' => None,
        c => Some(c),
    };
    lower.chars().filter_map(fold).collect()
}

/// The form in which lines are compared: lower case, without quote marks around them.
pub fn bare_line(line: &str) -> String {
    line.trim_matches(['>', ' ', '\t']).to_lowercase()
}
