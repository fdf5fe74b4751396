use crate::mail::AttachmentRole::{self, Contact, File, InlineImage, Report, Signature};
use crate::mail::Mail;
use crate::mail::tests::{read, texts};

const ARMOUR: &str =
    "-----BEGIN PGP SIGNATURE-----\nVersion: GnuPG v2\n\niQEzBAEBCAAd\n=abcd\n-----END PGP SIGNATURE-----";
const KEY: &str = "-----BEGIN PGP PUBLIC KEY BLOCK-----\nComment: Ana <ana@b.c>\n\nmQENBF\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n";
const CARD: &str = "BEGIN:VCARD\nVERSION:3.0\nFN:Ana\nEND:VCARD\n";
const GIF: &str = "GIF89a\u{1}\0\u{1}\0";

fn part(header: &str, body: &str) -> Mail {
    read(&format!(
        "From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nhi\n--x\nContent-Type: {header}\n\n{body}\n--x--\n"
    ))
}

fn check(facts: &[(&str, &str, AttachmentRole)]) {
    for (header, body, role) in facts {
        let mail = part(header, body);
        let found = mail.attachments.first().map(|attachment| attachment.role);
        assert_eq!(found, Some(*role), "{header} {body:?}");
        assert_eq!(texts(&mail), ["hi"]);
    }
}

#[test]
fn a_role_holds_when_the_bytes_bear_it_out() {
    check(&[
        ("application/pgp-signature; name=signature.asc", ARMOUR, Signature),
        ("application/pgp-signature", ARMOUR, Signature),
        ("application/octet-stream; name=key.asc", KEY, Signature),
        ("application/pgp-keys; name=OpenPGP_0x1.asc", KEY, Signature),
        ("application/pgp-encrypted", "Version: 1", Signature),
        (
            "application/octet-stream; name=encrypted.asc",
            "-----BEGIN PGP MESSAGE-----\n\nhQEMA",
            Signature,
        ),
        ("text/vcard; name=me.vcf", CARD, Contact),
        ("application/octet-stream; name=me.vcf", CARD, Contact),
        (
            "message/delivery-status",
            "Reporting-MTA: dns; x\n\nStatus: 5.1.1\n folded",
            Report,
        ),
        ("text/rfc822-headers", "To: c\nDate: d\n", Report),
        ("message/feedback-report", "Feedback-Type: abuse", Report),
    ]);
}

#[test]
fn what_the_bytes_do_not_bear_out_is_a_file() {
    let script = format!("{ARMOUR}\n<script>x()</script>");
    let hidden = format!("-----BEGIN PGP SIGNATURE-----\n<script>x()</script>\n{ARMOUR}");
    let after_card = format!("{CARD}<script>x()</script>");
    check(&[
        ("application/pgp-signature; name=signature.asc", "MZ", File),
        ("application/pgp-signature; name=scan.hta", ARMOUR, File),
        ("application/pgp-signature; name=signature.asc", &script, File),
        ("application/pgp-keys", &hidden, File),
        ("application/pgp-encrypted", "MZ", File),
        ("application/pkcs7-signature; name=smime.p7s", "MZ", File),
        ("application/pkcs7-mime; name=smime.p7m", "MZ", File),
        ("application/octet-stream; name=signature.asc", "MZ", File),
        ("text/vcard; name=me.vcf", "MZ", File),
        ("text/vcard; name=card.hta", CARD, File),
        ("text/vcard; name=me.vcf", &after_card, File),
        ("text/vcard; name=me.vcf", "BEGIN:VCARD", File),
        ("message/delivery-status", "@echo off\ncalc.exe", File),
        ("message/delivery-status; name=run.bat", "Status: 5.1.1", File),
        ("text/rfc822-headers; name=x", "MZ", File),
        ("image/png; name=a.png", "x", File),
        ("application/octet-stream", "x", File),
    ]);
}

fn related(header: &str, body: &str) -> AttachmentRole {
    let mail = read(&format!(
        "From: a@b\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n\n<img src=cid:1@x>\n--x\nContent-Type: {header}\n\n{body}\n--x--\n"
    ));
    mail.attachments[0].role
}

#[test]
fn an_image_of_the_layout_is_an_image() {
    assert_eq!(related("image/gif", GIF), InlineImage);
    assert_eq!(related("image/gif; name=logo.gif", GIF), InlineImage);
    assert_eq!(related("image/png; name=\"image001.png@01DB2C\"", GIF), InlineImage);
    assert_eq!(related("image/gif; name=logo.hta", GIF), File);
    assert_eq!(related("image/gif; name=logo.gif", "MZ"), File);
    assert_eq!(related("image/svg+xml", "<svg><script/></svg>"), File);
    let mixed = |body: &str| {
        let mail = read(&format!(
            "From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html\n\n<img src=cid:logo@x>\n--x\nContent-Type: image/gif\nContent-ID: <logo@x>\n\n{body}\n--x--\n"
        ));
        mail.attachments[0].role
    };
    assert_eq!(mixed(GIF), InlineImage);
    assert_eq!(mixed("MZ"), File);
}

#[test]
fn bytes_that_are_no_text_are_a_file_under_any_type_of_text() {
    let program = "\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}MZ";
    for kind in [
        "text/plain",
        "text/html",
        "text/calendar",
        "text/x-unknown",
        "message/rfc822",
    ] {
        check(&[(kind, program, File)]);
    }
    let text = part("text/plain", "MZ is a country code");
    assert_eq!(texts(&text), ["hi", "MZ is a country code"]);
}

#[test]
fn parts_hidden_in_an_encoded_multipart_are_parts() {
    use base64::Engine;
    let inner = "--y\nContent-Type: application/octet-stream; name=a.exe\n\nMZ\n--y--\n";
    let coded = base64::engine::general_purpose::STANDARD.encode(inner);
    let mail = part("multipart/mixed; boundary=y\nContent-Transfer-Encoding: base64", &coded);
    assert_eq!(mail.attachments[0].name.as_deref(), Some("a.exe"));
    assert_eq!(mail.attachments[0].bytes, b"MZ");
}
