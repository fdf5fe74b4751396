//! Passwords that may open what is locked: those that the mail names, then what its people are called, then those that are often used.

mod named;

use crate::mail::Mail;

/// Most that are tried: each may cost a tenth of a second.
const MOST: usize = 64;

/// Passwords to try, the likeliest first.
#[derive(Clone, Debug, Default)]
pub struct Passwords(Vec<String>);

/// What one mail names: it is looked for once, however many mails with locked files are in that mail.
#[derive(Debug)]
pub struct Named {
    passwords: Passwords,
    people: Passwords,
}

impl Named {
    pub fn of(mail: &Mail) -> Self {
        let mut passwords = Passwords::default();
        let subject = mail.headers.subject().into_iter();
        let texts = subject.chain(mail.bodies.iter().map(|body| &*body.text));
        texts.for_each(|text| named::in_text(text, &mut |word| passwords.add(word)));
        let names = mail.attachments.iter().filter_map(|file| file.name.as_deref());
        names.for_each(|name| named::in_file_name(name, &mut |word| passwords.add(word)));
        let mut people = Passwords::default();
        for field in ["To", "Delivered-To", "X-Original-To"] {
            for address in mail.headers.addresses(field).iter().take(3) {
                people.add_parts(&address.address);
            }
        }
        Self { passwords, people }
    }
}

impl Passwords {
    /// Of these mails (the mail itself, then those around it), and of the settings.
    pub fn of<'m>(mails: impl IntoIterator<Item = &'m Mail>, further: &[String]) -> Self {
        let named: Vec<Named> = mails.into_iter().map(Named::of).collect();
        Self::of_named(named.iter(), further)
    }

    /// The same of what the mails name.
    pub fn of_named<'n>(mails: impl Iterator<Item = &'n Named> + Clone, further: &[String]) -> Self {
        let mut all = Self::default();
        for named in mails.clone() {
            named.passwords.iter().for_each(|one| all.add(one));
        }
        let further = further.iter().map(String::as_str);
        for one in further.chain(COMMON) {
            all.add(one);
        }
        for named in mails {
            named.people.iter().for_each(|one| all.add(one));
        }
        all
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    fn add(&mut self, password: &str) {
        let is_new = !password.is_empty() && password.len() <= 128 && !self.0.iter().any(|known| known == password);
        if is_new && self.0.len() < MOST {
            self.0.push(password.to_owned());
        }
    }

    /// An address, its person and its domain, which some senders use so that each recipient has another password.
    fn add_parts(&mut self, address: &str) {
        self.add(address);
        if let Some((local, domain)) = address.rsplit_once('@') {
            self.add(local);
            self.add(domain);
            self.add(domain.split('.').next().unwrap_or_default());
        }
    }
}

/// Of those who exchange samples, of those who send them, and what Excel itself uses.
const COMMON: [&str; 14] = [
    "infected",
    "malware",
    "virus",
    "password",
    "1234",
    "12345",
    "123456",
    "123",
    "0000",
    "1111",
    "2024",
    "2025",
    "2026",
    "VelvetSweatshop",
];

#[cfg(test)]
#[path = "passwords_tests.rs"]
mod tests;
