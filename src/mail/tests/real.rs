//! A look at real mails, by hand: `MAILS=folder cargo test real_mails -- --ignored --nocapture`.

use crate::mail::*;

fn show(mail: &Mail, indent: usize) {
    let pad = " ".repeat(indent);
    println!(
        "{pad}subject {:?} from {:?} date {:?} id {:?}",
        mail.headers.subject(),
        mail.headers.addresses("From"),
        mail.headers.date().map(|d| d.iso),
        mail.headers.message_id()
    );
    println!(
        "{pad}fields {} boundary {:?} agent {:?}",
        mail.headers.fields.len(),
        mail.headers.boundary(),
        mail.headers.first("User-Agent")
    );
    for body in &mail.bodies {
        let text: String = body.text.chars().take(1500).collect();
        println!(
            "{pad}BODY {:?} {} bytes, {} links: {}",
            body.kind,
            body.text.len(),
            body.links.len(),
            text.replace('\n', &format!("\n{pad}  | "))
        );
        for link in body.links.iter().take(20) {
            println!("{pad}  LINK {link:?}");
        }
    }
    for attachment in &mail.attachments {
        println!(
            "{pad}FILE {:?} {} {:?} {} bytes",
            attachment.name,
            attachment.content_type,
            attachment.role,
            attachment.bytes.len()
        );
    }
    for defect in &mail.defects {
        println!("{pad}DEFECT {defect}");
    }
    for embedded in &mail.embedded {
        println!(
            "{pad}MAIL {:?} {:?} {} bytes",
            embedded.kind,
            embedded.name,
            embedded.raw.len()
        );
        show(&embedded.mail, indent + 4);
    }
}

#[test]
#[ignore = "reads a folder of mails that the repository does not have"]
fn real_mails() {
    let Ok(folder) = std::env::var("MAILS") else { return };
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.unwrap();
        if entry
            .path()
            .extension()
            .is_some_and(|extension| extension == "eml" || extension == "msg")
        {
            let raw = std::fs::read(entry.path()).unwrap();
            println!("=== {}", entry.path().display());
            match parse(&raw, &MailSettings::default()) {
                Ok(mail) => show(&mail, 0),
                Err(error) => println!("ERROR {error}"),
            }
        }
    }
}
