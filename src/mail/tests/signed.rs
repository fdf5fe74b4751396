use base64::Engine;

use crate::mail::tests::{read, texts};

/// Made with `openssl cms -sign -nodetach -nocerts -noattr` by a throw-away key: DER, then the same with `-stream` (BER with
/// indefinite lengths).
const DER: &str = "MIIBTAYJKoZIhvcNAQcCoIIBPTCCATkCAQExDTALBglghkgBZQMEAgEwVwYJKoZIhvcNAQcBoEoESENvbnRlbnQtVHlwZTogdGV4dC9wbGFpbjsgY2hhcnNldD11dGYtOA0KDQpzaWduZWQgaHR0cDovL2V2aWwuZXhhbXBsZS8NCjGByzCByAIBATAkMAwxCjAIBgNVBAMMAXQCFDL4WP9VSKVr+qBssTRwi+P1eeUPMAsGCWCGSAFlAwQCATANBgkqhkiG9w0BAQEFAASBgK0+PKJQhmbqeS7VOiwILvWLLiS+f6aEUY6L4QY+m/PgjPDTpTWjhKdQ5VIQGJ8rgyLFNboUoVvssYBkpRy3Vb0VHWYPGutvLp05vTnwpXCDg/bsJCXROTniOJAamx+IwJ3HQIh+ZG5mQzTYPlvvZd7lJ/JpidZUhDWP9y8yy848";
const BER: &str = "MIAGCSqGSIb3DQEHAqCAMIACAQExDTALBglghkgBZQMEAgEwgAYJKoZIhvcNAQcBoIAkgARIQ29udGVudC1UeXBlOiB0ZXh0L3BsYWluOyBjaGFyc2V0PXV0Zi04DQoNCnNpZ25lZCBodHRwOi8vZXZpbC5leGFtcGxlLw0KAAAAAAAAMYHLMIHIAgEBMCQwDDEKMAgGA1UEAwwBdAIUMvhY/1VIpWv6oGyxNHCL4/V55Q8wCwYJYIZIAWUDBAIBMA0GCSqGSIb3DQEBAQUABIGArT48olCGZup5LtU6LAgu9YsuJL5/poRRjovhBj6b8+CM8NOlNaOEp1DlUhAYnyuDIsU1uhShW+yxgGSlHLdVvRUdZg8a628unTm9OfClcIOD9uwkJdE5OeI4kBqbH4jAncdAiH5kbmZDNNg+W+9l3uUn8mmJ1lSENY/3LzLLzjwAAAAAAAA=";
const ENVELOPED: &str = "MIIBTAYJKoZIhvcNAQcDoIIBPTCCATkCAQAxgb4wgbsCAQAwJDAMMQow";

fn smime(kind: &str, body: &str) -> crate::mail::Mail {
    read(&format!(
        "From: a@b\nSubject: x\nContent-Type: {kind}; name=smime.p7m\nContent-Transfer-Encoding: base64\n\n{body}\n"
    ))
}

#[test]
fn opaque_smime_is_opened() {
    for body in [DER, BER] {
        for kind in [
            "application/pkcs7-mime; smime-type=signed-data",
            "application/x-pkcs7-mime",
            "application/octet-stream",
        ] {
            let mail = smime(kind, body);
            assert_eq!(texts(&mail), ["signed http://evil.example/"], "{kind}");
            assert!(mail.attachments.is_empty());
            assert_eq!(mail.headers.subject(), Some("x"));
        }
    }
}

#[test]
fn pieces_of_an_octet_string_are_joined() {
    let content = b"Content-Type: text/plain\r\n\r\none two\r\n";
    let (head, tail) = content.split_at(30);
    let mut octets = vec![0x24, 0x80, 0x04, 30];
    octets.extend_from_slice(head);
    octets.extend_from_slice(&[0x04, 8]);
    octets.extend_from_slice(tail);
    octets.extend_from_slice(&[0, 0]);
    let mut ber = vec![
        0x30, 0x80, 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02, 0xa0, 0x80, 0x30, 0x80, 0x02, 1, 1,
        0x31, 0x80, 0, 0,
    ];
    ber.extend_from_slice(&[
        0x30, 0x80, 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01, 0xa0, 0x80,
    ]);
    ber.extend_from_slice(&octets);
    let body = base64::engine::general_purpose::STANDARD.encode(ber);
    assert_eq!(texts(&smime("application/pkcs7-mime", &body)), ["one two"]);
}

#[test]
fn encrypted_mail_says_so() {
    let facts = [
        smime("application/pkcs7-mime; smime-type=enveloped-data", ENVELOPED),
        read(
            "From: a@b\nContent-Type: multipart/encrypted; boundary=x\n\n--x\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--x\nContent-Type: application/octet-stream; name=encrypted.asc\n\n-----BEGIN PGP MESSAGE-----\n--x--\n",
        ),
        read("From: a@b\n\n-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n"),
    ];
    for mail in facts {
        assert!(
            mail.defects.iter().any(|defect| defect.text().contains("encrypted")),
            "{:?}",
            mail.defects
        );
        let roles = mail.attachments.iter().map(|attachment| attachment.role);
        assert!(roles.clone().all(|role| role == crate::mail::AttachmentRole::Signature));
    }
}

#[test]
fn cleartext_signatures_are_taken_off() {
    let mail = read(
        "From: a@b\n\nbefore\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n- -- dash\nevil.example\n-----BEGIN PGP SIGNATURE-----\nVersion: x\n\niQEzBAEBCAAdFiEE/example+base64==\n=abcd\n-----END PGP SIGNATURE-----\nafter\n",
    );
    assert_eq!(texts(&mail), ["before\n-- dash\nevil.example\nafter"]);
    let cut = read(
        "From: a@b\n\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA1\n\nevil.example\n-----BEGIN PGP SIGNATURE-----\n\niQEz\nlist footer: http://x.example\n",
    );
    assert_eq!(texts(&cut), ["evil.example\nlist footer: http://x.example"]);
}

#[test]
fn signatures_keys_and_contacts_are_no_samples() {
    use crate::mail::AttachmentRole::{Contact, File, InlineImage, Report, Signature};
    let facts = [
        ("application/pgp-signature; name=signature.asc", "x", Signature),
        ("application/pkcs7-signature; name=smime.p7s", "x", Signature),
        (
            "application/octet-stream; name=key.asc",
            "-----BEGIN PGP PUBLIC KEY BLOCK-----\nx",
            Signature,
        ),
        ("application/pgp-keys; name=OpenPGP_0x1.asc", "x", Signature),
        ("text/vcard; name=me.vcf", "BEGIN:VCARD\n", Contact),
        ("application/octet-stream; name=me.vcf", "BEGIN:VCARD\n", Contact),
        ("application/octet-stream; name=me.vcf", "MZ", File),
        ("message/delivery-status", "Reporting-MTA: dns; x", Report),
        ("text/rfc822-headers", "no header at all", Report),
        ("message/feedback-report", "Feedback-Type: abuse", Report),
        ("image/png; name=a.png", "x", File),
        ("application/octet-stream", "x", File),
        ("text/plain; name=a.txt", "x", File),
        ("application/octet-stream; name=signature.asc", "MZ", File),
    ];
    for (kind, body, role) in facts {
        let mail = read(&format!(
            "From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nhi\n--x\nContent-Type: {kind}\n\n{body}\n--x--\n"
        ));
        assert_eq!(
            mail.attachments.first().map(|attachment| attachment.role),
            Some(role),
            "{kind}"
        );
        assert_eq!(texts(&mail), ["hi"]);
    }
    let related = read(
        "From: a@b\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n\n<img src=cid:1>\n--x\nContent-Type: image/png\n\nx\n--x--\n",
    );
    assert_eq!(related.attachments[0].role, InlineImage);
    let mixed = read(
        "From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html\n\n<img src=cid:logo@x>\n--x\nContent-Type: image/png\nContent-ID: <logo@x>\n\nx\n--x--\n",
    );
    assert_eq!(mixed.attachments[0].role, InlineImage);
}
