//! How a sender wants to be reached or paid, if not by an answer to himself.

use super::origin::Origin;
use super::words::{Said, Talk};
use crate::domain::{Fact, FoundAs};
use crate::indicator::{Indicator, Kind};
use crate::policy::flag::is_mail_provider;

/// More wallets are a list.
const WALLETS: usize = 2;

/// A mail of more words has such things for other reasons.
const LONG: usize = 150;

/// Length of an IBAN.
const IBAN: std::ops::RangeInclusive<usize> = 15..=34;

/// Digits of a telephone number with its prefixes.
const DIGITS: std::ops::RangeInclusive<usize> = 9..=15;

pub(super) fn facts(found: &[Indicator], said: &Said, origin: &Origin, facts: &mut Vec<Fact>) {
    let wallets = found.iter().filter(|found| is_wallet(found)).take(WALLETS + 1).count();
    facts.extend((1..=WALLETS).contains(&wallets).then_some(Fact::WalletNamed));
    let has_bait = said.has(Talk::Lure) || facts.contains(&Fact::SumsOfMoney);
    let is_short = said.text.split_whitespace().nth(LONG).is_none();
    if is_short && said.has(Talk::Call) && has_bait && has_telephone(&said.text) {
        facts.push(Fact::CallAsked);
    }
    if is_short && names_account(&said.text) {
        facts.push(Fact::AccountNamed);
    }
    if is_short && !origin.sender.is_empty() && (has_bait || said.has(Talk::Sale)) {
        let mailbox = found.iter().find(|found| is_mailbox_elsewhere(found, origin));
        facts.extend(mailbox.map(|mailbox| Fact::ContactElsewhere {
            address: mailbox.value.clone(),
        }));
    }
}

fn is_wallet(found: &Indicator) -> bool {
    matches!(found.kind, Kind::Btc | Kind::Xmr | Kind::Coin) && !found.defanged && found.doubt.is_none()
}

/// A mailbox at a provider for anybody, in the text, which is not the sender's.
fn is_mailbox_elsewhere(found: &Indicator, origin: &Origin) -> bool {
    let in_text = matches!(found.found_as, FoundAs::Prose | FoundAs::Link) && !found.defanged;
    let at_provider = |address: &str| address.rsplit('@').next().is_some_and(is_mail_provider);
    found.kind == Kind::Email && in_text && at_provider(&found.value) && !origin.is_address(&found.value)
}

/// Whether there is an IBAN, with or without blanks.
fn names_account(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    (0..words.len()).any(|start| {
        let mut joined = String::new();
        for word in words.iter().skip(start).take(9) {
            joined.push_str(word.trim_matches(|c: char| !c.is_ascii_alphanumeric()));
            if is_iban(&joined) {
                return true;
            }
            if joined.len() > *IBAN.end() {
                break;
            }
        }
        false
    })
}

/// By its length and its check digits, which make it 1 modulo 97. In lower case.
fn is_iban(text: &str) -> bool {
    let (Some(head), Some(rest)) = (text.get(..4), text.get(4..)) else {
        return false;
    };
    let mut bytes = head.bytes();
    let begins =
        bytes.by_ref().take(2).all(|byte| byte.is_ascii_lowercase()) && bytes.all(|byte| byte.is_ascii_digit());
    if !begins || !IBAN.contains(&text.len()) {
        return false;
    }
    let mut values = rest.chars().chain(head.chars()).map(|c| c.to_digit(36));
    let sum = values.try_fold(0, |sum, value| {
        let value = value?;
        Some((sum * if value > 9 { 100 } else { 10 } + value) % 97)
    });
    sum == Some(1)
}

/// Whether there is a telephone number: nine to fifteen digits in groups, or behind a plus sign.
fn has_telephone(text: &str) -> bool {
    let mut digits = 0;
    let mut groups = 0;
    let mut plus = false;
    let mut last = ' ';
    for c in text.chars().chain(std::iter::once('\n')) {
        match c {
            '0'..='9' => {
                digits += 1;
                groups += usize::from(!last.is_ascii_digit());
            }
            ' ' | '-' | '.' | '(' | ')' | '/' if last != '\n' => {}
            _ => {
                if DIGITS.contains(&digits) && (groups > 2 || plus) {
                    return true;
                }
                (digits, groups, plus) = (0, 0, c == '+');
            }
        }
        last = c;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_told_by_their_check_digits() {
        assert!(
            names_account("to es91 2100 0418 4502 0005 1332 please") && names_account("iban: de89370400440532013000.")
        );
        assert!(!names_account("es91 2100 0418 4502 0005 1333") && !names_account("de89 370400"));
        assert!(!names_account(
            &"ciao lucia sabato venite a cena da noi mi fai sapere entro ".repeat(50)
        ));
    }

    #[test]
    fn telephone_numbers_are_told_from_other_numbers() {
        for text in [
            "call 1-888-555-0142 now",
            "+49301234567",
            "Tel. (11) 4004-1234 hoje",
            "appelez le 01 23 45 67 89",
        ] {
            assert!(has_telephone(text), "{text}");
        }
        for text in ["order 4471023377", "on 2026-04-14", "1,200.50", "no. 12 and 13", ""] {
            assert!(!has_telephone(text), "{text}");
        }
    }
}
