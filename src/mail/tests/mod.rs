//! Facts about whole mails. Each module of the stage has its own facts beside it.

mod bounds;
mod faults;
mod forward_languages;
mod measure;
mod named;
mod real;

use super::*;

pub(super) fn read(raw: &str) -> Mail {
    parse(raw.as_bytes(), &MailSettings::default()).unwrap()
}

pub(super) fn plain_mail(subject: &str, body: &str) -> Mail {
    read(&format!(
        "From: me@corp.example\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{body}"
    ))
}

pub(super) fn texts(mail: &Mail) -> Vec<&str> {
    mail.bodies.iter().map(|body| body.text.trim()).collect()
}
