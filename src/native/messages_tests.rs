use super::*;

fn kind<T>(result: Result<T, Fault>) -> Option<Kind> {
    result.err().map(|fault| fault.data)
}

#[test]
fn chunks_in_order_make_the_message() {
    let messages = Messages::default();
    let (one, two) = (messages.begin(6, 10).unwrap(), messages.begin(2, 10).unwrap());
    assert_eq!(messages.chunk(&one, 0, "YWJj").unwrap(), 3);
    assert_eq!(messages.chunk(&two, 0, "eHk=").unwrap(), 2);
    assert_eq!(messages.chunk(&one, 3, "ZGVm").unwrap(), 6);
    assert_eq!(messages.end(&one).unwrap().identity, mail::canonical_sha256(b"abcdef"));
    assert_eq!(Message::into_handed(messages.take(&one).unwrap()).raw, "abcdef");
    assert_eq!(kind(messages.get(&one)), Some(Kind::UnknownMessage));
}

#[test]
fn what_does_not_fit_ends_the_message() {
    let messages = Messages::default();
    let long = BASE64_STANDARD.encode(vec![0; LARGEST_CHUNK + 1]);
    for (offset, data) in [(1, "YQ=="), (0, "YWJjZA=="), (0, &long), (0, "!")] {
        let handle = messages.begin(3, u64::MAX).unwrap();
        assert_eq!(kind(messages.chunk(&handle, offset, data)), Some(Kind::OutOfOrder));
        assert_eq!(kind(messages.end(&handle)), Some(Kind::UnknownMessage));
    }
    let short = messages.begin(3, 10).unwrap();
    assert_eq!(kind(messages.get(&short)), Some(Kind::OutOfOrder));
    assert_eq!(kind(messages.end(&short)), Some(Kind::OutOfOrder));
}

#[test]
fn size_and_number_are_limited_before_a_byte_is_there() {
    let messages = Messages::default();
    assert_eq!(
        kind(messages.begin(11, 10)),
        Some(Kind::TooLarge { size: 11, limit: 10 })
    );
    for _ in 0..AT_A_TIME {
        messages.begin(1, 10).unwrap();
    }
    assert_eq!(kind(messages.begin(1, 10)), Some(Kind::TooMany { limit: AT_A_TIME }));
    messages.discard("m1").unwrap();
    assert_eq!(kind(messages.begin(1, 10)), None);
}

const ENCRYPTED: &[u8] = b"From: a@b\nSubject: ...\n\n-----BEGIN PGP MESSAGE-----\n\nhQ==\n-----END PGP MESSAGE-----\n";

fn handed_over(messages: &Messages, raw: &[u8]) -> (String, Ended) {
    let handle = messages.begin(raw.len() as u64, LARGEST_CHUNK as u64).unwrap();
    messages.chunk(&handle, 0, &BASE64_STANDARD.encode(raw)).unwrap();
    let ended = messages.end(&handle).unwrap();
    (handle, ended)
}

#[test]
fn a_decrypted_message_is_the_same_mail_as_the_encrypted_one() {
    let messages = Messages::default();
    let (encrypted, ended) = handed_over(&messages, ENCRYPTED);
    assert!(ended.is_encrypted);
    let handle = messages.begin_decrypted(&encrypted, 4, 4).unwrap();
    assert!(messages.get(&encrypted).is_err(), "its handle ended");
    messages.chunk(&handle, 0, &BASE64_STANDARD.encode(b"text")).unwrap();
    let decrypted = messages.end(&handle).unwrap();
    assert_eq!(decrypted.identity, ended.identity);
    assert!(!decrypted.is_encrypted, "there is nothing more to decrypt");
    let message = messages.get(&handle).unwrap();
    let original = message.decrypts.as_ref().unwrap();
    assert_eq!(
        (original.identity, original.subject.as_deref()),
        (ended.identity, Some("..."))
    );
}

#[test]
fn nothing_takes_the_identity_of_a_mail_that_is_not_encrypted() {
    let messages = Messages::default();
    let (plain, ended) = handed_over(&messages, b"From: a@b\n\ntext\n");
    assert!(!ended.is_encrypted);
    assert!(messages.begin_decrypted(&plain, 4, 4).is_err());
    assert!(messages.begin_decrypted("m99", 4, 4).is_err());
}
