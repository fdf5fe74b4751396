//! Mails in other files: `.eml`, `.msg`, mailboxes, `winmail.dat`.

use crate::config::MailSettings;
use crate::contents::{File, Inside, Reader, Trouble};
use crate::mail;

/// Reads mails by their first lines or bytes, else by their name.
pub struct Letters;

/// Most mails of a mailbox.
const MAILS: usize = 500;

const TNEF: &str = "application/vnd.ms-tnef";
const OUTLOOK: &str = "application/vnd.ms-outlook";

impl Reader for Letters {
    fn reads(&self, file: &File<'_>) -> bool {
        // The header of a web archive looks like one of a mail.
        let is_page = file.ends_with("mht") || file.ends_with("mhtml");
        let is_mail = matches!(file.mimetype, "message/rfc822" | OUTLOOK | TNEF) && !is_page;
        let is_named = ["eml", "emlx", "msg", "mbox"].iter().any(|name| file.ends_with(name));
        is_mail || mail::looks_like_mbox(file.bytes) || (is_named && file.mimetype.starts_with("text/"))
    }

    fn read(&self, file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        let limits = MailSettings::default();
        inside.claim(file.bytes.len())?;
        if file.mimetype == TNEF {
            // Some hold nothing but properties of the message around them.
            return match mail::parse_tnef(file.bytes, &limits) {
                Some(mail) => Ok(inside.mail("", mail)?),
                None => Ok(()),
            };
        }
        if file.mimetype == OUTLOOK || !mail::looks_like_mbox(file.bytes) {
            let mail = mail::parse(file.bytes, &limits).map_err(Trouble::broken)?;
            return Ok(inside.mail("", mail)?);
        }
        for (index, raw) in mail::split_mbox(file.bytes).take(MAILS).enumerate() {
            inside.step(raw.len())?;
            if let Ok(mail) = mail::parse(&raw, &limits) {
                inside.mail(&format!("mail {}", index + 1), mail)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "letter_tests.rs"]
mod tests;
