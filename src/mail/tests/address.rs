use super::*;

#[test]
fn addresses_are_read_as_they_come() {
    type Mailbox = (Option<&'static str>, &'static str);
    let facts: &[(&str, &[Mailbox])] = &[
        ("a@b.c", &[(None, "a@b.c")]),
        ("Joe <a@b.c>", &[(Some("Joe"), "a@b.c")]),
        (
            "\"Doe, Joe\" <a@b.c>, x@y.z",
            &[(Some("Doe, Joe"), "a@b.c"), (None, "x@y.z")],
        ),
        ("=?utf-8?Q?J=C3=B6rg?= <a@b.c>", &[(Some("Jörg"), "a@b.c")]),
        ("\"=?utf-8?Q?J=C3=B6rg?=\" <a@b.c>", &[(Some("Jörg"), "a@b.c")]),
        ("a@b.c (Joe)", &[(Some("Joe"), "a@b.c")]),
        (
            "friends: a@b.c, Joe <d@e.f>;",
            &[(None, "a@b.c"), (Some("Joe"), "d@e.f")],
        ),
        ("undisclosed-recipients:;", &[]),
        ("Joe <a@b.c", &[(Some("Joe"), "a@b.c")]),
        ("<>", &[]),
        ("\"bank@good.com\" <a@b.c>", &[(Some("bank@good.com"), "a@b.c")]),
        ("Joe [mailto:a@b.c]", &[(Some("Joe"), "a@b.c")]),
        ("a@b.c; d@e.f", &[(None, "a@b.c"), (None, "d@e.f")]),
        ("\"broken <a@b.c>", &[(Some("broken"), "a@b.c")]),
        ("<@relay.x:a@b.c>", &[(None, "a@b.c")]),
        ("no address here", &[]),
        ("Joe a@b.c", &[(Some("Joe"), "a@b.c")]),
        ("Cron <root>", &[(Some("Cron"), "root")]),
        ("root (Cron)", &[]),
        ("a @ b.c", &[(None, "a@b.c")]),
        ("<a@b.c> <d@e.f>", &[(None, "a@b.c"), (None, "d@e.f")]),
        (
            "Joe <a@b.c> <d@e.f>, x@y.z",
            &[(Some("Joe"), "a@b.c"), (None, "d@e.f"), (None, "x@y.z")],
        ),
        ("ana (sales) @ b.c (main office)", &[(Some("main office"), "ana@b.c")]),
        (
            "Pete (nice \\) man) <pete(his account)@b.c(his host)>",
            &[(Some("Pete"), "pete@b.c")],
        ),
        (
            "Mary <@r.s:mary@b.c>, , joe@b  . c",
            &[(Some("Mary"), "mary@b.c"), (None, "joe@b.c")],
        ),
        ("<@r.s,@t.u:mary@b.c>", &[(None, "mary@b.c")]),
        ("\"john doe\"@b.c", &[(None, "\"john doe\"@b.c")]),
        ("Joe <\"john, doe\"@b.c>", &[(Some("Joe"), "\"john, doe\"@b.c")]),
        ("a@[192.0.2.1]", &[(None, "a@[192.0.2.1]")]),
        (
            "Joe <a@[IPv6:2001:db8::1]>, d@e.f",
            &[(Some("Joe"), "a@[IPv6:2001:db8::1]"), (None, "d@e.f")],
        ),
        ("=?utf-8?Q?ana?=@b.c", &[(None, "ana@b.c")]),
        ("Joe <=?utf-8?Q?ana?=@b.c>", &[(Some("Joe"), "ana@b.c")]),
        ("'a@b.c'", &[(None, "a@b.c")]),
        ("mailto:a@b.c", &[(None, "a@b.c")]),
        ("Joe <a@b.c, d@e.f", &[(Some("Joe"), "a@b.c"), (None, "d@e.f")]),
        ("\"Doe <x>\" <a@b.c>", &[(Some("Doe <x>"), "a@b.c")]),
        ("a@b. c", &[(Some("c"), "a@b.")]),
        ("=?utf-8?Q?a=40b.c?=", &[(None, "a@b.c")]),
        ("=?utf-8?Q?Doe, Joe?= <a@b.c>", &[(Some("Doe, Joe"), "a@b.c")]),
        ("=?utf-8?Q?J=C3?= =?utf-8?Q?=B6rg?= <a@b.c>", &[(Some("Jörg"), "a@b.c")]),
        (
            "Joe \\\"J\\\" <a@b.c>, d@e.f",
            &[(Some("Joe J"), "a@b.c"), (None, "d@e.f")],
        ),
        ("Joe (x <a@b.c>, d@e.f", &[(Some("Joe  x"), "a@b.c"), (None, "d@e.f")]),
    ];
    for (value, expected) in facts {
        let read = parse(value);
        let read: Vec<_> = read.iter().map(|a| (a.name.as_deref(), a.address.as_str())).collect();
        assert_eq!(read, *expected, "{value}");
    }
}

proptest::proptest! {
    #[test]
    fn no_field_is_too_strange(value in "[a-c<>()\"\\\\,;:@=?\\[\\] ]{0,40}") {
        parse(&value);
    }
}
