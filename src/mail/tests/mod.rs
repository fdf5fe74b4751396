//! Facts about whole mails. Each module of the stage has its own facts beside it.

mod faults;
mod measure;
mod real;

use super::*;

pub(super) fn read(raw: &str) -> Mail {
    parse(raw.as_bytes(), &MailSettings::default()).unwrap()
}

pub(super) fn texts(mail: &Mail) -> Vec<&str> {
    mail.bodies.iter().map(|body| body.text.trim()).collect()
}
