//! The header lines above a quoted mail in a language that nobody told us. What gives them away: each line is a short label and a
//! value, one value is the mailbox of a sender, one a date with a time, and one is the subject that the forwarding mail has too.

use super::fields;
use super::label::split_label;
use super::source::{Source, unquote};
use super::told::Told;
use crate::domain::ForwardWords;
use crate::mail::{Headers, address, date};

/// More lines than a mail program prints.
const LINES: usize = 12;

/// What the value of a line looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Looks {
    Mailbox,
    Mailboxes,
    Date,
    Text,
}

struct Entry<'l> {
    field: Option<&'static str>,
    value: &'l str,
    looks: Looks,
}

/// Reads the header lines from `first` on; also gives the line after them. `worded` says that words between rules stand above.
pub(super) fn read(
    lines: &[&str],
    first: usize,
    depth: usize,
    source: Source,
    told: Told<'_>,
    worded: bool,
) -> Option<(Headers, usize)> {
    if told.reply {
        return None;
    }
    let mut entries: Vec<Entry<'_>> = Vec::new();
    let mut at = first;
    while let Some(line) = lines.get(at).filter(|_| entries.len() < LINES) {
        let Some(entry) = entry(unquote(line, depth), told.words) else {
            break;
        };
        // All is said; what looks like one more label is the text.
        if Roles::of(&entries, told).is_some() && !matches!(entry.looks, Looks::Mailbox | Looks::Mailboxes) {
            break;
        }
        entries.push(entry);
        at += 1;
    }
    let roles = Roles::of(&entries, told)?;
    let is_mailbox = |entry: &&Entry<'_>| matches!(entry.looks, Looks::Mailbox | Looks::Mailboxes);
    // Tickets and forms have such lines too, so a subject that nobody knows for a forward's has to be there again.
    let is_sure = if told.forward {
        roles.same_subject || entries.iter().filter(is_mailbox).count() >= 2
    } else {
        worded && roles.same_subject
    };
    if !is_sure {
        return None;
    }
    let mut headers = Headers::default();
    for (index, entry) in entries.iter().enumerate() {
        if let Some(name) = roles.name(index, entry) {
            headers.push(name, &address::without_mailto(entry.value));
        }
    }
    Some((headers, fields::behind(lines, at, depth, source)))
}

/// A line as label and value; `None` when it is anything else.
fn entry<'l>(line: &'l str, words: &ForwardWords) -> Option<Entry<'l>> {
    let (label, value) = split_label(line)?;
    let is_label = label.chars().count() <= 30
        && label.split_whitespace().count() <= 4
        && label
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '.' | '’'));
    // «E-Mail:» stands in the mails of web forms, and above no forward.
    let is_form = label.to_lowercase().contains("mail");
    if !is_label || is_form || value.is_empty() || value.starts_with("//") {
        return None;
    }
    let looks = match address::parse(value)
        .iter()
        .filter(|address| address.address.contains('@'))
        .count()
    {
        1 => Looks::Mailbox,
        0 if date::parse(value).is_some() || has_year_and_clock(value) => Looks::Date,
        0 => Looks::Text,
        _ => Looks::Mailboxes,
    };
    let field = words.label(label);
    Some(Entry { field, value, looks })
}

/// A year and a time, whatever the month is called.
fn has_year_and_clock(value: &str) -> bool {
    let is_clock = |word: &str| {
        let mut parts = word.split([':', '.']).map(str::parse::<u8>);
        matches!((parts.next(), parts.next()), (Some(Ok(0..24)), Some(Ok(0..60))))
    };
    let words = || value.split(|c: char| c.is_whitespace() || c == ',');
    let years = |word: &str| {
        word.trim_matches('.')
            .parse::<u16>()
            .is_ok_and(|year| (1990..2100).contains(&year))
    };
    words().any(years) && words().any(is_clock)
}

/// Which entry is which field.
struct Roles {
    from: usize,
    date: usize,
    subject: usize,
    /// The forwarding mail has the same subject behind its prefix.
    same_subject: bool,
}

impl Roles {
    fn of(entries: &[Entry<'_>], told: Told<'_>) -> Option<Self> {
        let named = |name: &str| entries.iter().position(|entry| entry.field == Some(name));
        let looking = |looks: Looks| {
            entries
                .iter()
                .position(|entry| entry.field.is_none() && entry.looks == looks)
        };
        let from = named("From").or_else(|| looking(Looks::Mailbox))?;
        let date = named("Date").or_else(|| looking(Looks::Date))?;
        // Behind a prefix, unless that is known and gone.
        let same = |entry: &Entry<'_>| {
            let before = told.subject.strip_suffix(entry.value).map(str::trim_end);
            before.is_some_and(|before| before.ends_with([':', '：']) || (told.forward && before.is_empty()))
        };
        let repeated = entries.iter().position(same);
        let subject = repeated.or_else(|| named("Subject")).or_else(|| looking(Looks::Text))?;
        // Nothing but date and subject stands before the sender, whatever the program.
        let before = (0..from).all(|index| index == date || index == subject);
        let is_mailbox = entries.get(from).is_some_and(|entry| entry.looks == Looks::Mailbox);
        (before && is_mailbox && entries.len() >= 3).then_some(Self {
            from,
            date,
            subject,
            same_subject: repeated.is_some(),
        })
    }

    fn name(&self, index: usize, entry: &Entry<'_>) -> Option<&'static str> {
        match index {
            _ if index == self.from => Some("From"),
            _ if index == self.date => Some("Date"),
            _ if index == self.subject => Some("Subject"),
            _ if entry.field.is_some() => entry.field,
            // Those who got it follow the one who sent it.
            _ if matches!(entry.looks, Looks::Mailbox | Looks::Mailboxes) => Some("To"),
            _ => None,
        }
    }
}
