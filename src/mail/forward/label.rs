//! The words of mail clients in English, German, French, Spanish, Italian and Dutch: lines over a quoted mail, names of header
//! fields, prefixes of subjects.

use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// Lines that only «forward» writes. Compared in lower case, without dashes and blanks around.
const FORWARDED: [&str; 13] = [
    "forwarded message",
    "forwarded mail",
    "weitergeleitete nachricht",
    "weitergeleitete mail",
    "message transféré",
    "message réexpédié",
    "mensaje reenviado",
    "messaggio inoltrato",
    "doorgestuurd bericht",
    "doorgestuurde bericht",
    "doorgestuurde e-mail",
    "e-mail transféré",
    "courriel transféré",
];

/// Lines of Apple Mail, which end with a colon.
const BEGIN: [&str; 14] = [
    "begin forwarded message",
    "anfang der weitergeleiteten nachricht",
    "anfang der weitergeleiteten e-mail",
    "début du message réexpédié",
    "début du message transféré",
    "début de l'e-mail transféré",
    "debut du message transfere",
    "inicio del mensaje reenviado",
    "comienzo del mensaje reenviado",
    "inizio messaggio inoltrato",
    "inizio del messaggio inoltrato",
    "begin doorgestuurd bericht",
    "begin van doorgestuurd bericht",
    "begin van het doorgestuurde bericht",
];

/// Lines that stand over replies as well.
const ORIGINAL: [&str; 10] = [
    "original message",
    "ursprüngliche nachricht",
    "original-nachricht",
    "originalnachricht",
    "message d'origine",
    "message original",
    "mensaje original",
    "messaggio originale",
    "oorspronkelijk bericht",
    "origineel bericht",
];

/// Localised names of header fields and the field that they mean.
const LABELS: [(&str, &str); 62] = [
    ("from", "From"),
    ("von", "From"),
    ("absender", "From"),
    ("de", "From"),
    ("da", "From"),
    ("van", "From"),
    ("afzender", "From"),
    ("expéditeur", "From"),
    ("remitente", "From"),
    ("mittente", "From"),
    ("sent", "Date"),
    ("date", "Date"),
    ("datum", "Date"),
    ("gesendet", "Date"),
    ("gesendet am", "Date"),
    ("envoyé", "Date"),
    ("envoyé le", "Date"),
    ("date d'envoi", "Date"),
    ("enviado", "Date"),
    ("enviado el", "Date"),
    ("enviado em", "Date"),
    ("fecha", "Date"),
    ("fecha de envío", "Date"),
    ("inviato", "Date"),
    ("data", "Date"),
    ("data invio", "Date"),
    ("verzonden", "Date"),
    ("to", "To"),
    ("an", "To"),
    ("empfänger", "To"),
    ("à", "To"),
    ("a", "To"),
    ("pour", "To"),
    ("destinataire", "To"),
    ("para", "To"),
    ("destinatario", "To"),
    ("per", "To"),
    ("aan", "To"),
    ("cc", "Cc"),
    ("kopie", "Cc"),
    ("kopie (cc)", "Cc"),
    ("copie à", "Cc"),
    ("copie", "Cc"),
    ("copia", "Cc"),
    ("bcc", "Bcc"),
    ("blindkopie", "Bcc"),
    ("cci", "Bcc"),
    ("cco", "Bcc"),
    ("ccn", "Bcc"),
    ("subject", "Subject"),
    ("betreff", "Subject"),
    ("objet", "Subject"),
    ("sujet", "Subject"),
    ("asunto", "Subject"),
    ("oggetto", "Subject"),
    ("onderwerp", "Subject"),
    ("betreft", "Subject"),
    ("reply-to", "Reply-To"),
    ("antwort an", "Reply-To"),
    ("répondre à", "Reply-To"),
    ("responder a", "Reply-To"),
    ("rispondi a", "Reply-To"),
];

/// More names, of fields that are kept without being needed.
const MORE: [(&str, &str); 24] = [
    ("antwoord aan", "Reply-To"),
    ("réponse à", "Reply-To"),
    ("message-id", "Message-ID"),
    ("nachrichten-id", "Message-ID"),
    ("organization", "Organization"),
    ("organisation", "Organization"),
    ("attachments", "Attachments"),
    ("anlagen", "Attachments"),
    ("anhänge", "Attachments"),
    ("pièces jointes", "Attachments"),
    ("datos adjuntos", "Attachments"),
    ("archivos adjuntos", "Attachments"),
    ("allegati", "Attachments"),
    ("bijlagen", "Attachments"),
    ("importance", "Importance"),
    ("priorität", "Importance"),
    ("wichtigkeit", "Importance"),
    ("importancia", "Importance"),
    ("priorità", "Importance"),
    ("urgentie", "Importance"),
    ("references", "References"),
    ("received", "Received"),
    ("sender", "Sender"),
    ("fcc", "FCC"),
];

/// What a line over a quoted mail says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    /// Forwarded, beyond doubt.
    Forwarded,
    /// Forwarded or answered.
    Original,
    /// A ruled line; what follows decides.
    Rule,
}

static HINTS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let first = LABELS
        .iter()
        .filter(|(_, field)| *field == "From")
        .map(|(label, _)| *label);
    let hints: Vec<String> = FORWARDED
        .iter()
        .chain(&BEGIN)
        .chain(&ORIGINAL)
        .map(|words| ascii_stem(words))
        .chain(first.map(|label| format!("{label}:")))
        .chain(first_spaced())
        .collect();
    AhoCorasick::builder().ascii_case_insensitive(true).build(hints).ok()
});

/// French puts a blank before the colon; Outlook and Gmail make labels bold with asterisks.
fn first_spaced() -> impl Iterator<Item = String> {
    let first = LABELS.iter().filter(|(_, field)| *field == "From");
    let html = ["&nbsp;:", "&#160;:"].map(str::to_owned);
    html.into_iter()
        .chain(first.flat_map(|(label, _)| [format!("{label} :"), format!("{label}\u{a0}:"), format!("{label}*")]))
}

/// The ASCII words before the first letter with an accent, which is compared without regard to case.
fn ascii_stem(words: &str) -> String {
    let stem: String = words.chars().take_while(char::is_ascii).collect();
    if stem.len() < 3 { words.to_owned() } else { stem }
}

/// A quick look whether a text can hold a forward at all; it does not know the user's own markers.
pub(super) fn may_hold_forward(text: &str, more: &[String]) -> bool {
    !more.is_empty() || HINTS.as_ref().is_none_or(|hints| hints.is_match(text))
}

fn is_line(line: &str, wanted: &str) -> bool {
    // Quote marks are taken off the line before.
    let lower = |text: &str| text.trim_matches(['>', ' ', '\t']).to_lowercase();
    !wanted.trim().is_empty() && lower(line) == lower(wanted)
}

/// What kind of marker a line is, quote marks already taken off.
/// `more` are lines that count as those of a mail client.
pub(super) fn marker(line: &str, more: &[String]) -> Option<Marker> {
    let line = line.trim();
    if line.is_empty() || line.len() > 200 {
        return None;
    }
    if more.iter().any(|more| is_line(line, more)) {
        return Some(Marker::Forwarded);
    }
    let ruled = |c: char| matches!(c, '-' | '_' | '=' | '*' | '—' | '–' | '─' | ' ' | '\u{a0}');
    let words = line.trim_matches(ruled);
    if words.is_empty() {
        return (line.chars().count() >= 10).then_some(Marker::Rule);
    }
    let ruled_line = line.starts_with(['-', '_', '=', '*', '—', '–']);
    if !ruled_line && !words.ends_with(':') {
        return None;
    }
    let words = words.to_lowercase().replace('\u{2019}', "'");
    let bare = words.trim_end_matches([':', ' ', '\u{a0}', '\u{202f}']);
    if BEGIN.contains(&bare) && words.ends_with(':') {
        return Some(Marker::Forwarded);
    }
    if !ruled_line {
        return None;
    }
    // Gmail writes the sender's name and address into the line in some versions.
    if FORWARDED.contains(&bare)
        || FORWARDED
            .iter()
            .any(|known| bare.strip_prefix(known).is_some_and(|t| t.starts_with(" from ")))
    {
        return Some(Marker::Forwarded);
    }
    ORIGINAL.contains(&bare).then_some(Marker::Original)
}

/// The field that a label means, and what stands behind it.
pub(super) fn field(line: &str) -> Option<(&'static str, &str)> {
    let (label, value) = line.split_once(':')?;
    if label.len() > 40 {
        return None;
    }
    let label = label
        .trim_matches(|c: char| c.is_whitespace() || c == '*' || c == '_')
        .to_lowercase();
    let label = label.replace('\u{2019}', "'");
    if label.is_empty() {
        return None;
    }
    let known = LABELS.iter().chain(&MORE).find(|(known, _)| *known == label);
    known.map(|(_, field)| (*field, value.trim_start_matches('*').trim()))
}

fn prefix(subject: &str) -> String {
    let head = subject.trim_start().split(':').next().unwrap_or_default();
    let head = head.split(['[', '(']).next().unwrap_or_default();
    head.chars().take(12).collect::<String>().trim().to_lowercase()
}

/// `Re:` in the six languages.
pub(super) fn is_reply_subject(subject: &str) -> bool {
    subject.contains(':')
        && matches!(
            prefix(subject).as_str(),
            "re" | "aw" | "antw" | "antwort" | "rif" | "r" | "ré" | "rép" | "sv" | "odp"
        )
}

/// `Fwd:` in the six languages.
pub(super) fn is_forward_subject(subject: &str) -> bool {
    subject.contains(':')
        && matches!(
            prefix(subject).as_str(),
            "fwd" | "fw" | "wg" | "tr" | "rv" | "i" | "inoltra" | "doorst" | "tf" | "enc" | "reenv"
        )
}
