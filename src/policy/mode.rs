//! What `auto` means for a mail: a carrier when mails are attached and the text says nothing of its own.

use crate::domain::Mode;
use crate::mail::{Body, EmbeddedKind, LinkKind, Mail};

/// The mode of a mail: the one asked for, and for `auto` a carrier or the configured default.
pub fn resolve_mode(mail: &Mail, requested: Mode, default: Mode) -> Mode {
    match (requested, default) {
        (Mode::Auto, _) if is_carrier(mail) => Mode::Carrier,
        (Mode::Auto, Mode::Auto) => Mode::Report,
        (Mode::Auto, default) => default,
        (requested, _) => requested,
    }
}

/// A quoted forward is no attached mail: who forwards inline has written above it.
fn is_carrier(mail: &Mail) -> bool {
    mail.embedded.iter().any(|inner| inner.kind == EmbeddedKind::Attached) && mail.bodies.iter().all(says_nothing)
}

/// Words of courtesy and of handing over, in six languages. What remains of a greeting are names.
const COURTESY: [&str; 144] = [
    "hi",
    "hello",
    "dear",
    "hey",
    "good",
    "morning",
    "afternoon",
    "evening",
    "day",
    "all",
    "team",
    "colleagues",
    "sir",
    "madam",
    "please",
    "pls",
    "kindly",
    "find",
    "see",
    "look",
    "check",
    "the",
    "a",
    "an",
    "attached",
    "attachment",
    "attachments",
    "enclosed",
    "mail",
    "mails",
    "email",
    "emails",
    "e",
    "message",
    "messages",
    "phish",
    "phishing",
    "spam",
    "suspicious",
    "forwarded",
    "forward",
    "fwd",
    "fw",
    "fyi",
    "for",
    "your",
    "information",
    "info",
    "review",
    "analysis",
    "as",
    "is",
    "are",
    "and",
    "of",
    "in",
    "to",
    "you",
    "below",
    "original",
    "kind",
    "best",
    "warm",
    "regards",
    "thanks",
    "thank",
    "many",
    "cheers",
    "greetings",
    "sincerely",
    "yours",
    "sent",
    "from",
    "my",
    "iphone",
    "hallo",
    "guten",
    "tag",
    "morgen",
    "abend",
    "sehr",
    "geehrte",
    "geehrter",
    "damen",
    "herren",
    "liebe",
    "lieber",
    "kollegen",
    "kolleginnen",
    "bitte",
    "anbei",
    "siehe",
    "anhang",
    "angehängt",
    "beigefügt",
    "die",
    "der",
    "das",
    "und",
    "zur",
    "zum",
    "weiter",
    "viele",
    "freundliche",
    "freundlichen",
    "mit",
    "beste",
    "grüße",
    "grüßen",
    "gruß",
    "gruss",
    "mfg",
    "vg",
    "danke",
    "bonjour",
    "ci",
    "joint",
    "jointe",
    "pièce",
    "cordialement",
    "merci",
    "hola",
    "adjunto",
    "saludos",
    "gracias",
    "buongiorno",
    "allegato",
    "saluti",
    "grazie",
    "goedemorgen",
    "bijlage",
    "bijgevoegd",
    "groeten",
    "groet",
    "bedankt",
    "verdächtige",
    "nachricht",
    "nachrichten",
    "le",
    "la",
    "un",
    "une",
    "en",
    "de",
];

/// Nothing but a greeting, a word on the attachment and a signature.
fn says_nothing(body: &Body) -> bool {
    let own: Vec<&str> = body
        .text
        .lines()
        .take(200)
        .take_while(|line| !ends_the_text(line))
        .collect();
    let last = u32::try_from(own.len()).unwrap_or(u32::MAX);
    let linked = body
        .links
        .iter()
        .any(|link| link.line <= last && matches!(link.kind, LinkKind::Anchor | LinkKind::Form));
    let mut words = 0;
    let mut strange = 0;
    for word in own.iter().flat_map(|line| line.split_whitespace()) {
        if speaks_of_something(word) {
            return false;
        }
        let plain = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        words += usize::from(!plain.is_empty());
        strange += usize::from(!plain.is_empty() && !plain.split('-').all(|part| COURTESY.contains(&part)));
        if words > 30 || strange > 5 {
            return false;
        }
    }
    !linked
}

/// `-- ` and the lines of underscores that mailing lists put above their own text.
fn ends_the_text(line: &str) -> bool {
    let line = line.trim_end();
    line == "--" || (line.len() >= 8 && line.bytes().all(|byte| byte == b'_'))
}

/// A word that can be an indicator or a marking: it has digits, a dot or a colon inside, or an at sign.
fn speaks_of_something(word: &str) -> bool {
    let inside = word.trim_matches(|c: char| !c.is_alphanumeric());
    inside.contains(['@', '.', ':', '[', '/', '\\', '=']) || inside.chars().filter(char::is_ascii_digit).count() > 4
}
