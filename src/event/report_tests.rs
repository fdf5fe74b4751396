use super::*;

#[test]
fn nothing_in_a_defanged_text_can_be_clicked() {
    let cases = [
        (
            "see https://evil.example/a.php?x=1.5",
            "see hxxps://evil[.]example/a[.]php?x=1[.]5",
        ),
        ("HTTP://A.B and http is a word", "HXXP://A[.]B and http is a word"),
        ("mail a.b@c.example.", "mail a[.]b[@]c[.]example."),
        ("198.51.100.7, münchen.example", "198[.]51[.]100[.]7, münchen[.]example"),
        (
            "Chrome/129.0 (Contract.pdf), v2.4.1; not 10.0.0.1 or evil.com/Contract.pdf",
            "Chrome/129.0 (Contract.pdf), v2.4.1; not 10[.]0[.]0[.]1 or evil[.]com/Contract[.]pdf",
        ),
        ("invoice.zip eve@mail.pdf", "invoice[.]zip eve[@]mail[.]pdf"),
        ("", ""),
    ];
    for (text, defanged) in cases {
        assert_eq!(defang(text), defanged);
    }
}

#[test]
fn header_values_are_code_that_nothing_in_them_ends() {
    for (value, written) in [
        ("Eve <eve[@]bad[.]example>", "`Eve <eve[@]bad[.]example>`"),
        ("@[attribute](x) **b** ![i](u)", "`@[attribute](x) **b** ![i](u)`"),
        ("a `b` ``c", "``` a `b` ``c ```"),
        ("one\r\n# two", "`one  # two`"),
    ] {
        assert_eq!(inline(value), written);
    }
}

#[test]
fn all_texts_of_the_first_kind_are_shown() {
    use crate::mail::{Body, BodyKind};
    let body = |kind, text: &str| Body {
        kind,
        text: text.into(),
        source: None,
        asides: Vec::new(),
        links: Vec::new(),
    };
    let mail = Mail {
        bodies: vec![
            body(BodyKind::Plain, " "),
            body(BodyKind::Plain, "one\n"),
            body(BodyKind::Html, "one"),
            body(BodyKind::Plain, "two"),
        ],
        ..Mail::default()
    };
    assert_eq!(texts(&mail), ["one", "two"]);
}

#[test]
fn a_fence_inside_the_text_does_not_end_the_quote() {
    let mut content = String::new();
    quote(&mut content, "a\n````\nb", MAX_TEXT);
    assert!(content.starts_with("`````\n"), "{content}");
}
