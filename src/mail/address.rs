//! Address fields: `Name <a@b>`, `a@b (Name)`, groups, lists with semicolons, and what is broken about them. Linear.
//!
//! Tried: mail-parser 0.11 makes one address of `<a@b> <c@d>`, cuts a quoted local part, and loses an address with comments or
//! blanks inside, or with an encoded word before its `@`.

use std::borrow::Cow;

use super::{Address, encoded_word};

/// Every mailbox of an address field as written. A piece without anything like an address is left out.
pub(super) fn parse(value: &str) -> Vec<Address> {
    let written = encoded_word::normalise(&without_mailto(value));
    let count = |wanted: char| {
        let escaped = written.matches(&format!("\\{wanted}")).count();
        written.matches(wanted).count().saturating_sub(escaped)
    };
    let mut reader = Reader {
        // Quotes and comments that are never closed would swallow every address behind them.
        quotes: count('"').is_multiple_of(2),
        comments: count('(') == count(')'),
        rest: written.chars(),
        found: Vec::new(),
        mailbox: Mailbox::default(),
        angle: false,
    };
    reader.read();
    reader.found
}

/// `Joe [mailto:a@b]` and `a@b<mailto:a@b>`, as Outlook writes them above a forward, to `Joe <a@b>` and `a@b`. The first would be
/// read as the group «Joe [mailto».
pub(super) fn without_mailto(value: &str) -> Cow<'_, str> {
    if !value.contains("mailto:") {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find("mailto:") {
        let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let tail = tail.get("mailto:".len()..).unwrap_or_default();
        let end = tail.find(['>', ']', ' ', ';', ',']).unwrap_or(tail.len());
        let (address, after) = tail.split_at_checked(end).unwrap_or((tail, ""));
        let kept = before.trim_end_matches(['<', '[', '(']);
        out.push_str(kept);
        if !kept.trim_end().ends_with(address) {
            out.push('<');
            out.push_str(address);
            out.push('>');
        }
        rest = after.strip_prefix(['>', ']', ')']).unwrap_or(after);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Stands for a blank inside of quotes, which parts no words.
const QUOTED_BLANK: char = '\u{10fffd}';

struct Reader<'v> {
    quotes: bool,
    comments: bool,
    rest: std::str::Chars<'v>,
    found: Vec<Address>,
    mailbox: Mailbox,
    /// Between `<` and `>`.
    angle: bool,
}

impl Reader<'_> {
    fn read(&mut self) {
        while let Some(c) = self.rest.next() {
            match c {
                '"' if self.quotes => self.quoted(),
                '(' if self.comments => self.comment(),
                '"' | '(' | ')' => self.put(' '),
                '\\' => {
                    if self.rest.as_str().starts_with(['"', '\\']) {
                        self.rest.next();
                    }
                }
                '[' if self.mailbox.text(self.angle).ends_with('@') => self.literal(),
                '<' => {
                    if self.mailbox.angle.is_some() {
                        self.finish();
                    }
                    self.mailbox.angle = Some(String::new());
                    self.angle = true;
                }
                '>' => self.angle = false,
                // Behind a route, `<@a,@b:c@d>`, the address is still to come.
                ',' | ';' if !self.angle || !self.mailbox.text(true).starts_with('@') => self.finish(),
                ':' if !self.angle && !self.mailbox.name.contains('@') => self.mailbox.name.clear(),
                c => self.put(if c.is_control() { ' ' } else { c }),
            }
        }
        self.finish();
    }

    fn put(&mut self, c: char) {
        match (self.angle, &mut self.mailbox.angle) {
            (true, Some(angle)) => angle.push(c),
            _ => self.mailbox.name.push(c),
        }
    }

    /// A quoted text: a local part when an `@` follows, and then its quotes belong to it.
    fn quoted(&mut self) {
        let mut text = String::new();
        let mut raw = String::new();
        while let Some(c) = self.rest.next().filter(|c| *c != '"') {
            raw.push(c);
            let c = if c == '\\' {
                self.rest.next().inspect(|c| raw.push(*c))
            } else {
                Some(c)
            };
            text.extend(c.filter(|c| !c.is_control()));
        }
        let is_local = self.rest.as_str().starts_with('@') && !raw.contains('@');
        if is_local {
            self.put('"');
            raw.chars()
                .for_each(|c| self.put(if c.is_whitespace() { QUOTED_BLANK } else { c }));
            self.put('"');
        } else {
            text.chars().for_each(|c| self.put(c));
        }
    }

    /// A comment, which may have others inside.
    fn comment(&mut self) {
        let mut text = String::new();
        let mut depth = 1;
        while let Some(c) = self.rest.next() {
            match c {
                '\\' => text.extend(self.rest.next()),
                '(' => depth += 1,
                ')' => depth -= 1,
                c => text.push(c),
            }
            if depth == 0 {
                break;
            }
        }
        self.mailbox.comment = text;
        self.put(' ');
    }

    /// An address of the network in brackets, in the place of a domain.
    fn literal(&mut self) {
        self.put('[');
        while let Some(c) = self.rest.next() {
            self.put(c);
            if matches!(c, ']' | '>' | ',') {
                break;
            }
        }
    }

    fn finish(&mut self) {
        self.angle = false;
        self.found.extend(std::mem::take(&mut self.mailbox).address());
    }
}

/// What was read of one mailbox.
#[derive(Default)]
struct Mailbox {
    name: String,
    angle: Option<String>,
    comment: String,
}

impl Mailbox {
    fn text(&self, angle: bool) -> &str {
        self.angle.as_deref().filter(|_| angle).unwrap_or(&self.name)
    }

    fn address(self) -> Option<Address> {
        let name = encoded_word::decode(&self.name);
        let comment = || display(&encoded_word::decode(&self.comment));
        if let Some(angle) = &self.angle {
            let address = clean(&without_blanks(&encoded_word::decode(angle)));
            // In brackets `root` is an address too.
            if !address.is_empty() && !address.contains(char::is_whitespace) {
                let name = display(&name).or_else(comment);
                return Some(Address { name, address });
            }
        }
        // `Joe a@b`: one word is the address, the others are the name.
        let all = format!("{name} {}", self.angle.as_deref().unwrap_or_default());
        let all = without_blanks(&all);
        let word = all.split_whitespace().rfind(|word| clean(word).contains('@'))?;
        let others = all.replacen(word, "", 1);
        Some(Address {
            name: display(&others).or_else(comment),
            address: clean(word),
        })
    }
}

/// The text without the blanks around an `@`, and around the dots of the domain behind it.
fn without_blanks(text: &str) -> Cow<'_, str> {
    if !text.contains('@') || !text.trim().contains(char::is_whitespace) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut in_domain = false;
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        out.push_str(word);
        in_domain = word.contains('@') || (in_domain && (word.starts_with('.') || out.ends_with('.')));
        let joined = words.peek().is_some_and(|next| {
            let dots = in_domain && (next.starts_with('.') || word == ".");
            word.ends_with('@') || next.starts_with('@') || dots
        });
        if !joined {
            out.push(' ');
        }
    }
    Cow::Owned(out)
}

/// An address without source route, `mailto:`, and the brackets or quotes around it.
fn clean(address: &str) -> String {
    let address = address.trim().trim_matches(['<', '>', '\'']);
    let address = if address.contains("@[") {
        address
    } else {
        address.trim_matches(['[', ']'])
    };
    let address = address
        .get(..7)
        .filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"))
        .map_or(address, |_| address.get(7..).unwrap_or_default());
    let address = match address.strip_prefix('@').and_then(|route| route.split_once(':')) {
        Some((_, address)) => address,
        None => address,
    };
    address.replace(QUOTED_BLANK, " ")
}

fn display(name: &str) -> Option<String> {
    let name = name.trim().trim_matches('\'').trim();
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
#[path = "tests/address.rs"]
mod tests;
