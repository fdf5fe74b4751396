use super::*;

fn sender(line: &str) -> Result<Sender, Refusal> {
    match parse(line.as_bytes())? {
        Command::Mail(sender) => Ok(sender),
        other => panic!("{other:?}"),
    }
}

#[test]
fn addresses_are_taken_out_of_their_brackets() {
    let to = |line: &str| parse(format!("RCPT TO:{line}").as_bytes());
    for (written, address) in [
        ("<a@example.org>", "a@example.org"),
        (" <a@example.org>", "a@example.org"),
        ("<@relay.example,@other.example:a@example.org>", "a@example.org"),
        ("<\"a > b\"@example.org>", "\"a > b\"@example.org"),
        ("<müller@bücher.example>", "müller@bücher.example"),
        ("<postmaster>", "postmaster"),
        ("<root>", "root"),
    ] {
        assert_eq!(to(written), Ok(Command::Recipient(address.into())), "{written}");
    }
    for wrong in [
        "",
        "a@example.org",
        "<a@example.org",
        "<>",
        "<a b@example.org>",
        "<a@example.org>x",
        "<a@b> NOTIFY=NEVER",
    ] {
        assert!(to(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn parameters_of_mail_are_known_or_refused() {
    let known = sender("mail from:<> SIZE=1000 body=8bitmime SMTPUTF8").unwrap();
    assert_eq!((known.address.as_str(), known.size), ("", Some(1000)));
    for wrong in ["SIZE=x", "SIZE=-1", "BODY=BINARYMIME", "AUTH=<>", "FOO"] {
        assert!(sender(&format!("MAIL FROM:<a@b.example> {wrong}")).is_err(), "{wrong}");
    }
}

#[test]
fn commands_have_no_case_and_keep_their_arguments() {
    assert_eq!(parse(b"quit"), Ok(Command::Quit));
    assert_eq!(parse(b"Noop anything"), Ok(Command::Nothing));
    assert_eq!(parse(b"data now"), Err(SYNTAX));
    assert!(parse(b"EHLO").unwrap_err().starts_with("501"));
    assert!(parse(b"GET / HTTP/1.1").unwrap_err().starts_with("500"));
    assert!(parse(b"MAIL FROM:<a\0@b>").unwrap_err().starts_with("500"));
    assert!(parse(b"\xff\xfe").unwrap_err().starts_with("500"));
    assert!(parse(b"").unwrap_err().starts_with("500"));
}
