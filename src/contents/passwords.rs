//! Passwords that may open what is locked: those that the mail names, then what its people are called, then those that are often used.

mod named;

use std::cell::OnceCell;
use std::rc::Rc;

use crate::mail::Mail;

/// Most that are tried: each may cost a tenth of a second.
const MOST: usize = 64;

/// Passwords to try, the likeliest first. They are looked for when the first locked file asks for them.
#[derive(Default)]
pub struct Passwords<'m> {
    mails: Vec<Rc<Named<'m>>>,
    further: &'m [String],
    all: OnceCell<List>,
}

/// What one mail names: it is looked for once, however many mails with locked files are in that mail.
pub struct Named<'m> {
    mail: &'m Mail,
    found: OnceCell<Found>,
}

struct Found {
    passwords: List,
    people: List,
}

impl<'m> Named<'m> {
    pub fn of(mail: &'m Mail) -> Rc<Self> {
        let found = OnceCell::new();
        Rc::new(Self { mail, found })
    }

    fn found(&self) -> &Found {
        self.found.get_or_init(|| Found::of(self.mail))
    }
}

impl Found {
    fn of(mail: &Mail) -> Self {
        let mut passwords = List::default();
        let subject = mail.headers.subject().into_iter();
        let texts = subject.chain(mail.bodies.iter().map(|body| &*body.text));
        texts.for_each(|text| named::in_text(text, &mut |word| passwords.add(word)));
        let names = mail.attachments.iter().filter_map(|file| file.name.as_deref());
        names.for_each(|name| named::in_file_name(name, &mut |word| passwords.add(word)));
        let mut people = List::default();
        for field in ["To", "Delivered-To", "X-Original-To"] {
            for address in mail.headers.addresses(field).iter().take(3) {
                people.add_parts(&address.address);
            }
        }
        Self { passwords, people }
    }
}

impl<'m> Passwords<'m> {
    /// Of what these mails name (the mail itself, then those around it), and of the settings.
    pub fn of(mails: impl IntoIterator<Item = Rc<Named<'m>>>, further: &'m [String]) -> Self {
        Self {
            mails: mails.into_iter().collect(),
            further,
            all: OnceCell::new(),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.all.get_or_init(|| self.list()).0.iter().map(String::as_str)
    }

    fn list(&self) -> List {
        let named = self.mails.iter().flat_map(|named| &named.found().passwords.0);
        let people = self.mails.iter().flat_map(|named| &named.found().people.0);
        let known = named.chain(self.further).map(String::as_str).chain(COMMON);
        let mut all = List::default();
        known.chain(people.map(String::as_str)).for_each(|one| all.add(one));
        all
    }
}

/// Each once, and no more than [`MOST`].
#[derive(Default)]
struct List(Vec<String>);

impl List {
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
