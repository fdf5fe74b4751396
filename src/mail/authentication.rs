//! What servers wrote into the header about who sent the mail: `Authentication-Results` (RFC 8601), its copy in ARC
//! (RFC 8617) and `Received-SPF` (RFC 7208). Whom of them to believe is not decided here: anybody can write such a field.

use super::Headers;
use crate::domain::{Checked, Outcome, host};

/// Most results that are read of a field. Real ones have under ten.
const MOST: usize = 40;

/// What is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Whether the server may send for the domain of the envelope.
    Spf,
    /// Whether the signature of a domain fits the mail.
    Dkim,
    /// Whether one of both is about the domain that From shows.
    Dmarc,
}

/// Which field says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    AuthenticationResults,
    /// The copy that a server on the way keeps, with its number on the way.
    Arc(u32),
    ReceivedSpf,
}

/// What one field says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    pub source: Source,
    /// The name that the server gives itself, in lower case. Empty if it gives none.
    pub server: String,
    pub results: Vec<(Method, Checked)>,
}

impl Headers {
    /// What the fields say about who sent the mail, in their order.
    pub fn authentication(&self) -> Vec<Statement> {
        let read = |field: &super::HeaderField| match field.name.to_ascii_lowercase().as_str() {
            "authentication-results" => results(&field.raw, Source::AuthenticationResults),
            "arc-authentication-results" => {
                let (first, rest) = field.raw.split_once(';')?;
                let number = first.trim().strip_prefix("i=")?.trim().parse().ok()?;
                results(rest, Source::Arc(number))
            }
            "received-spf" => received_spf(&field.raw),
            _ => None,
        };
        self.fields.iter().filter_map(read).collect()
    }
}

/// `mx.corp.example; spf=pass smtp.mailfrom=a@b.example; dkim=fail header.d=b.example`. Exchange Online names no server.
fn results(text: &str, source: Source) -> Option<Statement> {
    let text = without_comments(text);
    let mut parts = text.split(';').map(str::trim).take(MOST).peekable();
    let named = parts.next_if(|part| !part.contains('='));
    let server = named.and_then(|part| part.split_whitespace().next());
    let results: Vec<_> = parts.filter_map(result).collect();
    let statement = Statement {
        source,
        server: server.unwrap_or_default().to_ascii_lowercase(),
        results,
    };
    (!statement.results.is_empty()).then_some(statement)
}

/// `dkim=pass header.d=b.example`
fn result(part: &str) -> Option<(Method, Checked)> {
    let mut words = part.split_whitespace();
    let (method, result) = words.next()?.split_once('=')?;
    let method = match method.split('/').next()?.to_ascii_lowercase().as_str() {
        "spf" => Method::Spf,
        "dkim" => Method::Dkim,
        "dmarc" => Method::Dmarc,
        _ => return None,
    };
    let wanted: &[&str] = match method {
        Method::Spf => &["smtp.mailfrom", "smtp.helo"],
        Method::Dkim => &["header.d", "header.i"],
        Method::Dmarc => &["header.from"],
    };
    let properties: Vec<(&str, &str)> = words.filter_map(|word| word.split_once('=')).collect();
    let of = |name: &&str| {
        let mut values = properties.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        values.find_map(|(_, value)| domain(value))
    };
    let checked = Checked {
        result: outcome(result)?,
        domain: wanted.iter().find_map(of),
    };
    Some((method, checked))
}

/// `Pass (mx.corp.example: domain of a@b.example …) client-ip=…; envelope-from="a@b.example"; receiver=mx.corp.example`
fn received_spf(text: &str) -> Option<Statement> {
    let word = text.split(|c: char| c.is_whitespace() || c == '(').next()?;
    let result = outcome(word)?;
    let plain = without_comments(text);
    let property = |name: &str| {
        let words = plain.split(|c: char| c == ';' || c.is_whitespace());
        let mut pairs = words.filter_map(|word| word.split_once('='));
        pairs.find_map(|(known, value)| known.eq_ignore_ascii_case(name).then_some(value))
    };
    let commented = || text.split_once('(')?.1.split([':', ' ', ')']).next();
    let server = property("receiver").map(|name| name.trim_matches(['"', '<', '>']));
    let server = server.or_else(commented).filter(|name| host::canonical(name).is_some());
    let domain = ["envelope-from", "helo"]
        .iter()
        .find_map(|name| domain(property(name)?));
    Some(Statement {
        source: Source::ReceivedSpf,
        server: server.unwrap_or_default().to_ascii_lowercase(),
        results: vec![(Method::Spf, Checked { result, domain })],
    })
}

fn outcome(word: &str) -> Option<Outcome> {
    let word = word.to_ascii_lowercase();
    match word.as_str() {
        "hardfail" => Some(Outcome::Fail),
        "bestguesspass" => Some(Outcome::None),
        word => Outcome::of_name(word),
    }
}

/// The domain of an address, or a name alone; in lower case.
fn domain(value: &str) -> Option<String> {
    let value = value.trim_matches(['"', '<', '>', ',']);
    let name = value.rsplit('@').next().unwrap_or(value).trim_end_matches('.');
    let name = host::canonical(name).filter(|name| name.contains('.'))?;
    Some(name.into_owned())
}

/// The text without comments in brackets, which may stand in each other, and without quotes around texts.
fn without_comments(text: &str) -> String {
    let mut depth = 0_usize;
    let mut quoted = false;
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' if depth == 0 => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted && depth > 0 => {
                depth -= 1;
                plain.push(' ');
            }
            // Nobody else's clause can begin inside a quoted text.
            ';' if quoted => plain.push(' '),
            _ if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    plain
}

#[cfg(test)]
#[path = "tests/authentication.rs"]
mod tests;
