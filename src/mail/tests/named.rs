//! Texts with a name, and pages with an address.

use super::super::{BodyKind, Mail, parse};
use crate::config::MailSettings;

fn mail(raw: &str) -> Mail {
    parse(raw.replace('\n', "\r\n").as_bytes(), &MailSettings::default()).unwrap()
}

/// Texts and files of the last part of a mail that also has a text.
fn last(headers: &str, content: &str) -> (usize, usize) {
    let mail = mail(&format!(
        "Subject: s\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b\n{headers}\n\n{content}\n--b--\n"
    ));
    (mail.bodies.len() - 1, mail.attachments.len())
}

#[test]
fn a_text_with_a_name_is_shown_and_is_a_file_too() {
    let page = "<a href='https://evil.com/'>x</a>";
    assert_eq!(last("Content-Type: text/html; name=a.html", page), (1, 1));
    assert_eq!(
        last(
            "Content-Type: text/plain\nContent-Disposition: inline; filename=a.txt",
            "x"
        ),
        (1, 1)
    );
    assert_eq!(last("Content-Type: text/plain; name=a.exe", "x"), (1, 1));
    assert_eq!(
        last(
            "Content-Type: text/html\nContent-Disposition: attachment; filename=a.html",
            page
        ),
        (0, 1)
    );
    assert_eq!(last("Content-Type: text/javascript; name=a.js", "x"), (0, 1));
    assert_eq!(last("Content-Type: text/plain; name=a.txt", "MZ\0\0\0\u{1}\0"), (0, 1));
    assert_eq!(last("Content-Type: text/vcard; name=a.vcf", "BEGIN:VCARD"), (0, 1));
}

#[test]
fn an_attached_mail_is_no_text_whatever_it_calls_itself() {
    let inner = "Subject: x\nFrom: a@evil.com\n\nhello";
    assert_eq!(last("Content-Type: text/plain; name=a.eml", inner), (0, 0));
}

#[test]
fn the_only_part_is_the_text_whatever_its_name() {
    let raw = "Subject: s\nContent-Type: text/html; name=\"page.html\"\nContent-Disposition: inline\n\n<a href='http://evil.com/a'>x</a>\n";
    let whole = mail(raw);
    assert_eq!((whole.bodies.len(), whole.attachments.len()), (1, 0));
    assert_eq!(whole.bodies[0].kind, BodyKind::Html);
    assert_eq!(whole.bodies[0].links[0].target, "http://evil.com/a");
    let program = mail(&raw.replace("page.html", "page.hta"));
    assert_eq!((program.bodies.len(), program.attachments.len()), (1, 1));
    let form = "Subject: s\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; name=a\n\nx\n--b\nContent-Type: text/html; name=b.htm\n\n<b>x</b>\n--b--\n";
    let form = mail(form);
    assert_eq!((form.bodies.len(), form.attachments.len()), (2, 0));
}

#[test]
fn relative_links_start_from_the_address_of_their_page() {
    let target = |headers: &str, page: &str| {
        let mail = mail(&format!("Subject: s\nContent-Type: text/html\n{headers}\n\n{page}\n"));
        mail.bodies[0].links[0].target.clone()
    };
    let link = "<a href='c/d?e'>x</a>";
    assert_eq!(
        target("Content-Location: https://evil.com/a/b.html", link),
        "https://evil.com/a/c/d?e"
    );
    assert_eq!(
        target("Content-Base: \"https://evil.com/\"", link),
        "https://evil.com/c/d?e"
    );
    assert_eq!(target("Content-Location: page.html", link), "c/d?e");
    let based = format!("<base href='https://other.com/'>{link}");
    assert_eq!(
        target("Content-Location: https://evil.com/", &based),
        "https://other.com/c/d?e"
    );
    let archive = "Subject: s\nContent-Type: multipart/related; boundary=b\nContent-Location: https://evil.com/x/\n\n--b\nContent-Type: text/html\n\n<form action=post.php>\n--b--\n";
    assert_eq!(mail(archive).bodies[0].links[0].target, "https://evil.com/x/post.php");
}
