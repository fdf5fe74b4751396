use super::{is_encrypted, original};
use crate::mail::canonical_sha256;

const PGP: &[u8] = b"From: a@b\nSubject: ...\nMessage-ID: <1@b>\nContent-Type: Multipart/Encrypted; boundary=x\n\n--x\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--x\nContent-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----\n--x--\n";

#[test]
fn encrypted_mails_are_told_from_those_that_speak_of_it() {
    let inline = b"From: a@b\nSubject: x\n\n-----BEGIN PGP MESSAGE-----\n\nhQ==\n-----END PGP MESSAGE-----\n";
    assert!(is_encrypted(PGP));
    assert!(is_encrypted(inline));
    let packed = b"From: a@b\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\nLS0tLS1CRUdJTiBQR1AgTUVTU0FHRS0tLS0tCgpoUT09Ci0tLS0tRU5EIFBHUCBNRVNTQUdFLS0tLS0K\n";
    assert!(is_encrypted(packed));
    let others: [&[u8]; 3] = [
        b"From: a@b\nSubject: multipart/encrypted\n\nsend it as pkcs7-mime\n",
        b"From: a@b\nSubject: x\nContent-Type: multipart/signed; boundary=x\n\n--x\n\ntext\n--x\nContent-Type: application/pgp-signature\n\n-----BEGIN PGP SIGNATURE-----\n--x--\n",
        b"",
    ];
    for other in others {
        assert!(!is_encrypted(other), "{}", String::from_utf8_lossy(other));
    }
}

#[test]
fn a_decrypted_mail_is_called_what_the_encrypted_one_was() {
    let original = original(PGP);
    assert_eq!(original.identity, canonical_sha256(PGP));
    assert_eq!(original.subject.as_deref(), Some("..."));
    assert_eq!(original.message_id.as_deref(), Some("<1@b>"));
}
