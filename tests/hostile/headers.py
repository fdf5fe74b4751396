"""Hostile headers: fields, words, people, servers and what they sign."""

from rows import HEAD, Family, Row, field, url, without

HEX = "3f786850e387550fdab836ed7e6dc881de23001b"

ROWS: dict[str, Family] = {
    "folded_lines": field("Lines of one folded field.", "X-Long: a", lambda n: f"\r\n b{n}"),
    "folded_blank_lines": field("Folded lines of blanks alone.", "X-Long: a", lambda n: "\r\n " + " \t" * (n % 5)),
    "long_field": field("Words of one line of the header.", "X-Long:", lambda n: f" w{n}"),
    "field_without_blanks": field("Letters of one line of the header.", "X-Long: ", lambda n: "abcdefgh"),
    "empty_fields": field("Fields without a text.", "", lambda n: f"X-{n}:\r\n", ""),
    "nameless_lines": field("Lines of the header without a colon.", "", lambda n: f"line {n}\r\n", ""),
    "same_fields": field("Fields of the same name.", "", lambda n: f"X-Same: {n}\r\n", ""),
    "subjects": field("Subjects.", "", lambda n: f"Subject: {n}\r\n", ""),
    "senders": field("Senders in fields of their own.", "", lambda n: f"From: e{n}@wgetcdn-files.com\r\n", ""),
    "sender_list": field(
        "Senders in one field.", "From: a@b.de", lambda n: f",\r\n e{n}@wgetcdn-files.com", head=without("From")
    ),
    "message_ids": field("Message-IDs.", "", lambda n: f"Message-ID: <{n}@wgetcdn-files.com>\r\n", ""),
    "references": field("Message-IDs of earlier mails.", "References:", lambda n: f"\r\n <{n}@wgetcdn-files.com>"),
    "dates": field("Dates.", "", lambda n: f"Date: Mon, 02 Mar 2026 10:00:{n % 60:02} +0100 ({n})\r\n", ""),
    "reply_tos": field("Reply-Tos.", "", lambda n: f"Reply-To: e{n}@wgetcdn-files.com\r\n", ""),
    "return_paths": field("Return-Paths.", "", lambda n: f"Return-Path: <e{n}@wgetcdn-files.com>\r\n", ""),
    "delivered_tos": field(
        "Fields with a recipient of the envelope.", "", lambda n: f"Delivered-To: p{n}@soc-room.net\r\n", ""
    ),
    "originating_addresses": field(
        "Fields with the address of a client.",
        "",
        lambda n: f"X-Originating-IP: [198.51.{n >> 8 & 255}.{n & 255}]\r\n",
        "",
    ),
    "subject_words": field(
        "Encoded words of the subject.", "Subject:", lambda n: f" =?utf-8?Q?w=C3=A4{n}?=\r\n", "", without("Subject")
    ),
    "subject_charsets": field(
        "Encoded words in charsets of their own.",
        "Subject:",
        lambda n: f" =?x-{n}?B?YWJj?=\r\n",
        "",
        without("Subject"),
    ),
    "subject_iso_2022": field(
        "Encoded words that shift.",
        "Subject:",
        lambda n: " =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=\r\n",
        "",
        without("Subject"),
    ),
    "subject_half_words": field(
        "Encoded words without an end.", "Subject:", lambda n: f" =?utf-8?Q?{n}", head=without("Subject")
    ),
    "subject_words_without_blanks": field(
        "Encoded words one behind the other.", "Subject: ", lambda n: "=?utf-8?B?w7w=?=", head=without("Subject")
    ),
    "subject_addresses": field("URLs in the subject.", "Subject:", lambda n: f" {url(n)}", head=without("Subject")),
    "subject_marks": field(
        "Signs of replies in the subject.", "Subject: ", lambda n: "Re: Fwd: AW: [EXT] ", head=without("Subject")
    ),
    "subject_tlps": field("TLP marks in the subject.", "Subject:", lambda n: f" TLP:AMBER{n}", head=without("Subject")),
    "comments": field(
        "Comments in one another.", "From: Eve ", lambda n: "(", " <eve@wgetcdn-files.com>\r\n", without("From")
    ),
    "comment_pairs": field(
        "Comments.", "From: Eve", lambda n: f" (c{n})", " <eve@wgetcdn-files.com>\r\n", without("From")
    ),
    "quotes": field("Quotation marks.", "From: ", lambda n: '"\\"', " <eve@wgetcdn-files.com>\r\n", without("From")),
    "angles": field("Angle brackets.", "From: Eve ", lambda n: "<", "eve@wgetcdn-files.com>\r\n", without("From")),
    "at_signs": field("At signs.", "From: a", lambda n: "@a", "\r\n", without("From")),
    "groups": field("Groups of people.", "Cc: x@y.de", lambda n: f",\r\n g{n}: p{n}@soc-room.net;"),
    "groups_in_groups": field("Groups in groups.", "Cc: ", lambda n: f"g{n}: "),
    "routes": field(
        "Servers of one source route.", "Cc: <@a.de", lambda n: f",@r{n}.wgetcdn-files.com", ":x@y.de>\r\n"
    ),
    "names_like_addresses": field(
        "Names that look like addresses.", "Cc: x@y.de", lambda n: f',\r\n "boss{n}@bank.de" <e{n}@wgetcdn-files.com>'
    ),
    "encoded_names": field(
        "Encoded names of people.", "Cc: x@y.de", lambda n: f",\r\n =?utf-8?Q?B=C3=BCro_{n}?= <p{n}@soc-room.net>"
    ),
    "foreign_people": field("Mailboxes of foreign domains.", "Cc: x@y.de", lambda n: f",\r\n p@bücher-{n}.de"),
    "semicolons": field("Parameters without a name.", "Content-Disposition: attachment", lambda n: ";"),
    "quoted_parameters": field(
        "Quotation marks of a parameter.", 'Content-Disposition: attachment; filename="', lambda n: '\\"'
    ),
    "encoded_continuations": field(
        "Encoded pieces of one file name.",
        "Content-Disposition: attachment",
        lambda n: f";\r\n filename*{n}*=utf-8''%C3%BC{n}",
    ),
    "continuations_backwards": field(
        "Pieces of one file name, the last first.",
        "Content-Disposition: attachment",
        lambda n: f";\r\n filename*{99999 - n}=v{n}",
    ),
    "boundaries": field("Boundaries of one part.", "Content-Type: multipart/mixed", lambda n: f";\r\n boundary=b{n}"),
    "content_types": field("Content types.", "", lambda n: f"Content-Type: text/html; charset=c{n}\r\n", ""),
    "type_comments": field("Comments of a content type.", "Content-Type: text/plain ", lambda n: f"({n})"),
    "encodings": field("Transfer encodings.", "", lambda n: "Content-Transfer-Encoding: base64\r\n", ""),
    "clauses": field(
        "Servers of one Received field.",
        "Received:",
        lambda n: f" from a{n}.wgetcdn-files.com by b{n}.wgetcdn-files.com",
        "; Mon, 02 Mar 2026 10:00:00 +0100\r\n",
    ),
    "received_addresses": field(
        "Received fields with addresses and comments.",
        "",
        lambda n: (
            f"Received: from h{n} (h{n}.wgetcdn-files.com [IPv6:2001:db8::{n & 0xFFFF:x}] (may be forged)) by mx.soc-room.net with ESMTPS id {n} for <bob@soc-room.net>; Mon, 02 Mar 2026 10:00:00 +0100\r\n"
        ),
        "",
    ),
    "received_comments": field(
        "Brackets of one Received field.",
        "Received: from a ",
        lambda n: "(",
        "by b; Mon, 02 Mar 2026 10:00:00 +0100\r\n",
    ),
    "signatures": field(
        "DKIM signatures.",
        "",
        lambda n: (
            f"DKIM-Signature: v=1; a=rsa-sha256; d=d{n}.wgetcdn-files.com; s=s{n};\r\n h=from:to; bh=YWJj; b=YWJj\r\n"
        ),
        "",
    ),
    "signature_tags": field("Tags of one DKIM signature.", "DKIM-Signature: v=1", lambda n: f"; t{n}=v{n}"),
    "signed_fields": field(
        "Names of signed fields.",
        "DKIM-Signature: v=1; a=rsa-sha256; d=wgetcdn-files.com; s=s; bh=YWJj; b=YWJj; h=from",
        lambda n: f":x-{n}",
    ),
    "signed_same_field": field(
        "One signed field, again and again.",
        "DKIM-Signature: v=1; a=rsa-sha256; d=wgetcdn-files.com; s=s; bh=YWJj; b=YWJj; h=from",
        lambda n: ":from",
    ),
    "arc_sets": field(
        "Sets of ARC.",
        "",
        lambda n: (
            f"ARC-Seal: i={n}; a=rsa-sha256; cv=pass; d=d{n}.wgetcdn-files.com; s=s; b=YWJj\r\nARC-Message-Signature: i={n}; d=d{n}.wgetcdn-files.com; h=from; b=YWJj\r\nARC-Authentication-Results: i={n}; mx{n}.wgetcdn-files.com; dkim=pass\r\n"
        ),
        "",
    ),
    "verdicts": field(
        "Fields with verdicts on the sender.",
        "",
        lambda n: (
            f"Authentication-Results: mx{n}.soc-room.net; spf=pass smtp.mailfrom=e{n}@wgetcdn-files.com; dkim=pass header.d=d{n}.wgetcdn-files.com\r\n"
        ),
        "",
    ),
    "verdict_methods": field(
        "Verdicts of one field.",
        "Authentication-Results: mx.soc-room.net",
        lambda n: f";\r\n dkim=fail (c{n}) header.d=d{n}.wgetcdn-files.com",
    ),
    "verdict_comments": field(
        "Brackets of one verdict.", "Authentication-Results: mx.soc-room.net; dkim=", lambda n: "(a", "pass\r\n"
    ),
    "spf_fields": field(
        "SPF verdicts.",
        "",
        lambda n: (
            f"Received-SPF: pass (mx: domain of e{n}@wgetcdn-files.com) client-ip=198.51.100.{n % 256}; envelope-from=e{n}@wgetcdn-files.com\r\n"
        ),
        "",
    ),
    "unsubscribe": field("Ways to unsubscribe.", "List-Unsubscribe: <mailto:x@y.de>", lambda n: f",\r\n <{url(n)}>"),
    "spam_reports": field(
        "Lines of a spam filter's report.",
        "X-Spam-Report:",
        lambda n: f"\r\n *  0.1 URIBL_{n} Contains a URL listed [URIs: w{n}.wgetcdn-files.com]",
    ),
    "key_data": field(
        "Lines of a key in the header.", "Autocrypt: addr=x@y.de; keydata=", lambda n: f"\r\n mQENBF{HEX}{n}"
    ),
    "zeros": field("Zero bytes in the header.", "X-Zero: ", lambda n: "\0"),
    "carriage_returns": field("Carriage returns in the header.", "X-Cr: ", lambda n: f"a\rX-{n}: b"),
    "invalid_letters": field("Bytes of no charset.", "X-Eight: ", lambda n: b"\xff\xfe\xc3"),
    "header_alone": Row("Fields of a mail that has no end of the header.", HEAD, lambda n: f"X-{n}: {url(n)}\r\n", ""),
}
