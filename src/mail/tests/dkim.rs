//! What is signed, in both forms.

use super::{Check, MOST, Text, signatures};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

/// The check of the only signature of a mail with these tags.
fn check(tags: &str, rest: &str) -> Option<Check> {
    let raw = format!("DKIM-Signature: v=1; a=rsa-sha256; d=Rook.Example; s=a; {tags}; b=AAAA\r\n{rest}");
    let mut found = signatures(raw.as_bytes());
    assert_eq!(found.len(), 1, "{tags}");
    let signature = found.remove(0);
    assert_eq!(signature.domain, "rook.example");
    signature.check
}

fn header(tags: &str, rest: &str) -> String {
    String::from_utf8(check(tags, rest).unwrap().header).unwrap()
}

#[test]
fn a_header_is_signed_in_its_form() {
    // The example of RFC 6376, 3.4.5.
    let fields = "A: X\r\nB : Y\t\r\n\tZ  \r\nFrom: c\r\n\r\n";
    let relaxed = "h=a:b:from; c=relaxed; bh=";
    let own = "v=1; a=rsa-sha256; d=Rook.Example; s=a;";
    assert_eq!(
        header(relaxed, fields),
        format!("a:X\r\nb:Y Z\r\nfrom:c\r\ndkim-signature:{own} {relaxed}; b=")
    );
    for simple in ["h=a:b:from; bh=", "h=a:b:from; c=simple/relaxed; bh="] {
        assert_eq!(
            header(simple, fields),
            format!("A: X\r\nB : Y\t\r\n\tZ  \r\nFrom: c\r\nDKIM-Signature: {own} {simple}; b=")
        );
    }
    // Line ends of a file count as those on the way.
    assert_eq!(header(relaxed, fields), header(relaxed, &fields.replace("\r\n", "\n")));
}

#[test]
fn of_several_fields_of_a_name_the_lowest_is_signed_first() {
    let fields = "To: one\r\nTo: two\r\nFrom: c\r\n\r\n";
    let signed = header("h=to:to:to:from:cc; c=relaxed; bh=", fields);
    assert!(
        signed.starts_with("to:two\r\nto:one\r\nfrom:c\r\ndkim-signature:"),
        "{signed}"
    );
}

#[test]
fn a_text_is_signed_in_its_form() {
    // The first two are the example of RFC 6376, 3.4.5.
    let text = |form: &str, more: &str, body: &str, signed: &[u8]| {
        let hash = STANDARD.encode(Sha256::digest(signed));
        let tags = format!("h=from; c=simple/{form}; bh={hash}{more}");
        check(&tags, &format!("From: c\r\n\r\n{body}")).unwrap().text
    };
    let rfc = " C \r\nD \t E\r\n\r\n\r\n";
    for (form, more, body, signed, expected) in [
        ("relaxed", "", rfc, &b" C\r\nD E\r\n"[..], Text::Same),
        ("simple", "", rfc, b" C \r\nD \t E\r\n", Text::Same),
        ("simple", "", rfc, b" C\r\nD E\r\n", Text::Changed),
        ("relaxed", "", "", b"", Text::Same),
        ("simple", "", "", b"\r\n", Text::Same),
        ("relaxed", "", "\r\n \t\r\n", b"", Text::Same),
        ("simple", "", "a", b"a\r\n", Text::Same),
        ("relaxed", "", "a\r\n\r\nb", b"a\r\n\r\nb\r\n", Text::Same),
        ("relaxed", "; l=3", "a\r\nmore", b"a\r\n", Text::Longer),
        ("relaxed", "; l=9", "a\r\nmore", b"a\r\nmore\r\n", Text::Same),
        ("relaxed", "; l=10", "a\r\nmore", b"a\r\nmore\r\n", Text::Changed),
        ("relaxed", "; l=0", "a", b"", Text::Longer),
    ] {
        assert_eq!(text(form, more, body, signed), expected, "{form} {more} {body:?}");
    }
}

#[test]
fn a_signature_that_nobody_can_check_says_only_whose_it_is() {
    let rest = "From: c\r\n\r\n";
    for tags in [
        "h=from",
        "bh=AAAA",
        "h=to; bh=AAAA",
        "h=from; bh=!",
        "h=from; bh=AAAA; c=other",
        "h=from; bh=AAAA; l=-1",
        "h=from; bh=AAAA; x=soon",
        "h=from; bh=AAAA; i=@evil.example",
        "h=from; bh=AAAA; i=@grook.example",
    ] {
        assert!(check(tags, rest).is_none(), "{tags}");
    }
    assert!(check("h=from; bh=AAAA; i=x@m.rook.example", rest).is_some());
    let sha1 = "DKIM-Signature: v=1; a=rsa-sha1; d=a.example; s=a; h=from; bh=AAAA; b=AAAA\nFrom: c\n\n";
    assert!(signatures(sha1.as_bytes())[0].check.is_none());
    for none in [
        "",
        "DKIM-Signature: v=1\n\n",
        "DKIM-Signature: d=com; v=1\n\n",
        "X: y\n\nDKIM-Signature: d=a.b\n",
    ] {
        assert!(signatures(none.as_bytes()).is_empty(), "{none}");
    }
}

#[test]
fn a_thousand_signatures_cost_no_more_than_a_few() {
    let names = "from:".repeat(20_000);
    let one = format!("DKIM-Signature: v=1; a=rsa-sha256; d=a.example; s=a; h={names}from; bh=AAAA; b=AAAA\r\n");
    let raw = format!("{}From: c\r\n\r\n{}", one.repeat(1000), "text \r\n".repeat(100_000));
    let began = std::time::Instant::now();
    assert_eq!(signatures(raw.as_bytes()).len(), MOST);
    assert!(
        began.elapsed() < std::time::Duration::from_secs(20),
        "{:?}",
        began.elapsed()
    );
}

proptest! {
    #[test]
    fn any_bytes_are_read(raw in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = signatures(&raw);
        let tagged = [b"DKIM-Signature: d=a.example; ", &raw[..]].concat();
        prop_assert!(signatures(&tagged).len() <= MOST);
    }

    #[test]
    fn any_tags_are_read(tags in "([vabcdhilsx]{1,2}=[a-z0-9:/= \\t\r\n]{0,20};){0,12}", body in "[ \\t\r\na]{0,40}") {
        let raw = format!("DKIM-Signature: v=1; a=rsa-sha256; d=a.example; h=from; s=b; {tags} b=AAAA; bh=AAAA\r\nFrom: x\r\n\r\n{body}");
        prop_assert!(signatures(raw.as_bytes()).len() <= MOST);
    }
}
