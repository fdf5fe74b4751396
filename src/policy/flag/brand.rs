//! The brand that a mail claims to be from: the words of its display name and subject.

use std::collections::HashSet;

use super::known;
use crate::mail::Headers;

/// Words of a name are joined up to this many: «Banco do Brasil».
const JOINED: usize = 4;
/// More words than that are no name.
const WORDS: usize = 60;

/// Words and joined words as they stand in names of hosts.
#[derive(Debug, Default)]
pub(super) struct Claims(HashSet<String>);

impl Claims {
    pub(super) fn of(headers: &Headers) -> Self {
        let mut claims = Self::default();
        for address in headers.addresses("From") {
            claims.add(address.name.as_deref().unwrap_or_default(), JOINED);
        }
        // Words of a subject side by side are a sentence, whose words the attacker's own domain may have.
        claims.add(headers.subject().unwrap_or_default(), 1);
        claims
    }

    /// Adds the words, joined up to so many.
    fn add(&mut self, text: &str, longest: usize) {
        self.0.extend(joined(text, longest).filter(|name| name.len() > 2));
    }

    /// Whether the host bears the name that the mail claims, under a suffix that such names have.
    pub(super) fn name(&self, host: &str) -> bool {
        known::label_and_suffix(host)
            .is_some_and(|(label, suffix)| known::is_usual(suffix) && self.0.contains(&label.replace('-', "")))
    }
}

/// The brand by which a sender calls himself. Its name may have several words, which hosts write as one.
pub(in crate::policy) fn brand_in_name(name: &str) -> Option<String> {
    joined(name, JOINED).find(|name| known::names_brand(name))
}

/// The words of a text, alone and joined up to so many, without accents.
fn joined(text: &str, longest: usize) -> impl Iterator<Item = String> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .map(plain)
        .filter(|word| !word.is_empty())
        .take(WORDS)
        .collect();
    let of_length = move |length: usize| words.windows(length).map(<[String]>::concat).collect::<Vec<_>>();
    (1..=longest).flat_map(of_length)
}

/// In lower case, letters without their accents.
fn plain(word: &str) -> String {
    word.chars()
        .flat_map(char::to_lowercase)
        .filter_map(without_accent)
        .collect()
}

fn without_accent(letter: char) -> Option<char> {
    Some(match letter {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' | 'ø' => 'o',
        'ù'..='ü' => 'u',
        other if other.is_ascii_alphanumeric() => other,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_bears_the_name_that_the_mail_claims_only_if_it_is_the_whole_name() {
        let mut claims = Claims::default();
        claims.add("Banco Itaú Unibanco S.A.", JOINED);
        claims.add("Ihr Konto bei der Sparda-Bank", JOINED);
        claims.add("Fatura Nubank em aberto", 1);
        for (host, named) in [
            ("www.itau.com.br", true),
            ("bancoitau.com.br", true),
            ("sparda-bank.de", true),
            ("nubank.com.br", true),
            ("fatura-nubank.com", false),
            ("itau.top", false),
            ("itau-seguro.com.br", false),
            ("itau.evil.com", false),
            ("itau.tk", false),
            ("evil.com", false),
        ] {
            assert_eq!(claims.name(host), named, "{host}");
        }
    }
}
