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
    assert_eq!(messages.end(&one).unwrap(), mail::canonical_sha256(b"abcdef"));
    assert_eq!(Message::into_handed(messages.take(&one).unwrap()).raw, b"abcdef");
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
