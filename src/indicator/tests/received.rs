use super::*;

#[test]
fn what_servers_write_is_read() {
    type Case<'a> = (&'a str, &'a [&'a str], &'a [&'a str], Option<&'a str>);
    let cases: &[Case<'_>] = &[
        (
            "from mail.evil.example (mail.evil.example [198.51.100.7]) by mx.cert.example (Postfix) with ESMTP id 4F; Mon",
            &["mail.evil.example"],
            &["198.51.100.7"],
            Some("mx.cert.example"),
        ),
        (
            "from [IPv6:2001:db8::25] (helo=bot.evil.example) by mx.cert.example with smtp",
            &["bot.evil.example"],
            &["2001:db8::25"],
            Some("mx.cert.example"),
        ),
        (
            "from user (HELO pc) (203.0.113.9) by a.cert.example",
            &[],
            &["203.0.113.9"],
            Some("a.cert.example"),
        ),
        (
            "from unknown (relay.evil.example. 203.0.113.9:2525) by b.cert.example (8.14/8.14) id x",
            &["relay.evil.example"],
            &["203.0.113.9"],
            Some("b.cert.example"),
        ),
        (
            "from ::ffff:203.0.113.4 by c.cert.example",
            &[],
            &["203.0.113.4"],
            Some("c.cert.example"),
        ),
        (
            "by d.cert.example with local (from root by cron)",
            &[],
            &[],
            Some("d.cert.example"),
        ),
        (
            "from a.evil.example (203.0.113.9)by d.cert.example with SMTP",
            &["a.evil.example"],
            &["203.0.113.9"],
            Some("d.cert.example"),
        ),
        (
            "from bystander.example (203.0.113.9) byd.cert.example with SMTP",
            &["bystander.example"],
            &["203.0.113.9"],
            Some("d.cert.example"),
        ),
        ("(qmail 1234 invoked by uid 0); 1 Jan 2024", &[], &[], None),
        ("from a..b (((( [999.1.1.1]", &[], &[], None),
        (
            "from unknown (HELO pc.evil.example) (joe@evil.example@203.0.113.9) by mx.cert.example with SMTP; 1 Jan 2024",
            &["pc.evil.example"],
            &["203.0.113.9"],
            Some("mx.cert.example"),
        ),
        (
            "from unknown (HELO ?10.1.2.3?) (sales@[203.0.113.9]) by mx.cert.example with ESMTPA; 1 Jan 2024",
            &[],
            &["10.1.2.3", "203.0.113.9"],
            Some("mx.cert.example"),
        ),
        (
            "from unknown (HELO bot.evil.example) (joe@203.0.113.9 with login) by smtp101.mail.bf1.yahoo.com with SMTP; 1 Jan",
            &["bot.evil.example"],
            &["203.0.113.9"],
            Some("smtp101.mail.bf1.yahoo.com"),
        ),
        (
            "from 203.0.113.9 (EHLO bot.evil.example) (203.0.113.9) by mta1.mail.yahoo.com with SMTP; 1 Jan",
            &["bot.evil.example"],
            &["203.0.113.9"],
            Some("mta1.mail.yahoo.com"),
        ),
        (
            "from [203.0.113.9] from bot.evil.example by web1.mail.yahoo.com via HTTP; 1 Jan",
            &["bot.evil.example"],
            &["203.0.113.9"],
            Some("web1.mail.yahoo.com"),
        ),
        (
            "from unknown from [203.0.113.9] by mx.cert.example with NNFMP; 1 Jan",
            &[],
            &["203.0.113.9"],
            Some("mx.cert.example"),
        ),
        (
            "from host.evil.example ([203.0.113.9]:45678 helo=bot.evil.example) by mx.cert.example with esmtp (Exim 4.94.2) (envelope-from <a@b.example>) id 1aBc; 1 Jan",
            &["host.evil.example", "bot.evil.example"],
            &["203.0.113.9"],
            Some("mx.cert.example"),
        ),
        (
            "from [203.0.113.9] (port=4567 helo=[10.0.0.5]) by mx.cert.example with esmtpsa (Exim 4.96) id 1aBc",
            &[],
            &["203.0.113.9", "10.0.0.5"],
            Some("mx.cert.example"),
        ),
        (
            "from bot.evil.example (LHLO bot.evil.example) (203.0.113.9) by zimbra.cert.example with LMTP; 1 Jan",
            &["bot.evil.example"],
            &["203.0.113.9"],
            Some("zimbra.cert.example"),
        ),
        (
            "from bot.evil.example (IDENT:root@pool.isp.example [203.0.113.9] (may be forged)) by mx.cert.example(8.14.4/8.14.4) with ESMTP id x0",
            &["bot.evil.example", "pool.isp.example"],
            &["203.0.113.9"],
            Some("mx.cert.example"),
        ),
        (
            "from bot.evil.example ([203.0.113.9]) by cert.example ([10.0.0.1]) with MDaemon via TCP; 1 Jan (not processed: message from 192.0.2.1)",
            &["bot.evil.example"],
            &["203.0.113.9"],
            Some("cert.example"),
        ),
        (
            "from bot.evil.example ([203.0.113.9]) by mx.cert.example over TLS secured channel with Microsoft SMTPSVC(6.0.3790.4675); 1 Jan",
            &["bot.evil.example"],
            &["203.0.113.9"],
            Some("mx.cert.example"),
        ),
        (
            "from mail pickup service by mx.cert.example with Microsoft SMTPSVC; 1 Jan",
            &[],
            &[],
            Some("mx.cert.example"),
        ),
        (
            "from AM0PR01.evil.example (2603:10a6:208:1::12) by DB8PR02.cert.example (2603:10a6:10:2::9) with Microsoft SMTP Server (version=TLS1_2, cipher=TLS_ECDHE_RSA) id 15.20.1234.5 via Frontend Transport; 1 Jan",
            &["am0pr01.evil.example"],
            &["2603:10a6:208:1::12"],
            Some("db8pr02.cert.example"),
        ),
        (
            "from EX01.corp.local ([fe80::1234%12]) by ex02.cert.example ([::1]) with mapi id 14.03.0123; 1 Jan",
            &["ex01.corp.local"],
            &["fe80::1234"],
            Some("ex02.cert.example"),
        ),
        (
            "from bot.evil.example (unknown [IPv6:2001:db8::25]) (using TLSv1.3 with cipher TLS_AES_256 (256/256 bits)) (No client certificate requested) by mx.cert.example (Postfix) with ESMTPS id 4F",
            &["bot.evil.example"],
            &["2001:db8::25"],
            Some("mx.cert.example"),
        ),
        (
            "from bot.evil.example (host.evil.example. [203.0.113.9]) by mx.google.com with ESMTPS id a1-2si3.45.2024.01.01 for <x@cert.example> (version=TLS1_3 cipher=TLS_AES_256 bits=256/256); 1 Jan",
            &["bot.evil.example", "host.evil.example"],
            &["203.0.113.9"],
            Some("mx.google.com"),
        ),
        (
            "by 2002:a05:6512:3da2:b0:4b5:ce8:4aa1 with SMTP id k34; 1 Jan",
            &[],
            &[],
            None,
        ),
        (
            "from [203.0.113.9] (account joe@cert.example HELO pc.evil.example) by mail.cert.example (CommuniGate Pro SMTP 6.1.20) with ESMTPA id 7; 1 Jan",
            &["pc.evil.example"],
            &["203.0.113.9"],
            Some("mail.cert.example"),
        ),
    ];
    for (line, names, addresses, by) in cases {
        let hop = parse(line);
        assert_eq!(hop.names, *names, "{line}");
        assert_eq!(
            hop.addresses.iter().map(ToString::to_string).collect::<Vec<_>>(),
            *addresses,
            "{line}"
        );
        assert_eq!(hop.by.as_deref(), *by, "{line}");
    }
}

#[test]
fn what_the_sending_side_says_of_itself_is_told_from_what_the_server_found() {
    // Line, names that are claims, addresses that are claims, whether the server looked the address up.
    type Case<'a> = (&'a str, &'a [&'a str], &'a [&'a str], bool);
    let cases: &[Case<'_>] = &[
        (
            "from mx.cert.example (unknown [203.0.113.9]) by mx.cert.example",
            &["mx.cert.example"],
            &[],
            true,
        ),
        (
            "from mx.cert.example (pool.isp.example [203.0.113.9]) by b.cert.example",
            &["mx.cert.example"],
            &[],
            true,
        ),
        (
            "from a.evil.example (a.evil.example [203.0.113.9]) by b.cert.example",
            &[],
            &[],
            true,
        ),
        (
            "from pool.isp.example (HELO mx.cert.example) (203.0.113.9) by b.cert.example",
            &["mx.cert.example"],
            &[],
            true,
        ),
        (
            "from mx.cert.example ([203.0.113.9]) by b.cert.example",
            &["mx.cert.example"],
            &[],
            false,
        ),
        (
            "from [198.51.100.1] (unknown [203.0.113.9]) by b.cert.example",
            &[],
            &["198.51.100.1"],
            true,
        ),
        (
            "from [203.0.113.9] (helo=[198.51.100.1]) by b.cert.example",
            &[],
            &["198.51.100.1"],
            false,
        ),
        ("from [203.0.113.9] by b.cert.example with HTTP", &[], &[], false),
    ];
    for (line, claimed, addresses, looked_up) in cases {
        let hop = parse(line);
        let claimed_addresses: Vec<_> = hop.claimed_addresses.iter().map(ToString::to_string).collect();
        assert_eq!(hop.claimed, *claimed, "{line}");
        assert_eq!(claimed_addresses, *addresses, "{line}");
        assert_eq!(hop.looked_up, *looked_up, "{line}");
        assert!(
            hop.peers().any(|address| address.to_string() == "203.0.113.9"),
            "{line}"
        );
    }
}

#[test]
fn only_public_addresses_count() {
    for private in [
        "10.1.2.3",
        "127.0.0.1",
        "100.64.0.9",
        "169.254.1.1",
        "0.0.0.0",
        "::1",
        "fe80::1",
        "fd00::1",
    ] {
        assert!(!is_public(private.parse().unwrap()), "{private}");
    }
    for public in ["198.51.100.7", "2001:db8::25", "8.8.8.8"] {
        assert!(is_public(public.parse().unwrap()), "{public}");
    }
}
