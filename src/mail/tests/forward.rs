use crate::config::MailSettings;
use crate::mail::tests::{plain_mail as plain, read, texts};
use crate::mail::{AttachmentRole, BodyKind, EmbeddedKind, Mail, parse};

fn html(subject: &str, body: &str) -> Mail {
    read(&format!(
        "From: me@corp.example\nSubject: {subject}\nContent-Type: text/html; charset=utf-8\n\n{body}"
    ))
}

/// From, subject, day and text of the first mail quoted.
fn quoted(mail: &Mail) -> (String, String, String, String) {
    let inner = &mail.embedded.first().expect("no forward found").mail;
    assert_eq!(mail.embedded[0].kind, EmbeddedKind::InlineForward);
    let from = inner.headers.addresses("From");
    (
        from.first().map(|address| address.address.clone()).unwrap_or_default(),
        inner.headers.subject().unwrap_or_default().to_owned(),
        inner
            .headers
            .date()
            .map(|date| date.day.to_string())
            .unwrap_or_default(),
        texts(inner).join("|"),
    )
}

#[test]
fn plain_forwards_are_found_in_six_languages() {
    let facts = [
        (
            "Thunderbird en",
            "see below\n\n-------- Forwarded Message --------\nSubject: \tInvoice\nDate: \tMon, 14 May 2018 16:09:05 -0400\nFrom: \tEvil <evil@bad.example>\nTo: \tme@corp.example\n\nclick http://bad.example/\n",
        ),
        (
            "Thunderbird de",
            "see below\n\n-------- Weitergeleitete Nachricht --------\nBetreff: \tInvoice\nDatum: \tMon, 14 May 2018 16:09:05 -0400\nVon: \tEvil <evil@bad.example>\nAn: \tme@corp.example\n\nclick http://bad.example/\n",
        ),
        (
            "Thunderbird fr",
            "see below\n\n-------- Message transféré --------\nSujet : \tInvoice\nDate : \tMon, 14 May 2018 16:09:05 -0400\nDe : \tEvil <evil@bad.example>\nPour : \tme@corp.example\n\nclick http://bad.example/\n",
        ),
        (
            "Thunderbird es",
            "see below\n\n-------- Mensaje reenviado --------\nAsunto: \tInvoice\nFecha: \tMon, 14 May 2018 16:09:05 -0400\nDe: \tEvil <evil@bad.example>\nPara: \tme@corp.example\n\nclick http://bad.example/\n",
        ),
        (
            "Thunderbird it",
            "see below\n\n-------- Messaggio Inoltrato --------\nOggetto: \tInvoice\nData: \tMon, 14 May 2018 16:09:05 -0400\nMittente: \tEvil <evil@bad.example>\nA: \tme@corp.example\n\nclick http://bad.example/\n",
        ),
        (
            "Thunderbird nl",
            "see below\n\n-------- Doorgestuurd bericht --------\nOnderwerp: \tInvoice\nDatum: \tMon, 14 May 2018 16:09:05 -0400\nVan: \tEvil <evil@bad.example>\nAan: \tme@corp.example\n\nclick http://bad.example/\n",
        ),
        (
            "Outlook en",
            "see below\n\n-----Original Message-----\nFrom: Evil [mailto:evil@bad.example] \nSent: Monday, May 14, 2018 4:09 PM\nTo: me@corp.example\nSubject: Invoice\n\nclick http://bad.example/\n",
        ),
        (
            "Outlook de",
            "see below\n\n-----Ursprüngliche Nachricht-----\nVon: Evil <evil@bad.example>\nGesendet: Montag, 14. Mai 2018 16:09\nAn: me@corp.example\nBetreff: Invoice\n\nclick http://bad.example/\n",
        ),
        (
            "Outlook fr",
            "see below\n\n-----Message d'origine-----\nDe : Evil <evil@bad.example>\nEnvoyé : lundi 14 mai 2018 16:09\nÀ : me@corp.example\nObjet : Invoice\n\nclick http://bad.example/\n",
        ),
        (
            "Outlook es",
            "see below\n\n-----Mensaje original-----\nDe: Evil <evil@bad.example>\nEnviado el: lunes, 14 de mayo de 2018 16:09\nPara: me@corp.example\nAsunto: Invoice\n\nclick http://bad.example/\n",
        ),
        (
            "Outlook it",
            "see below\n\n-----Messaggio originale-----\nDa: Evil <evil@bad.example>\nInviato: lunedì 14 maggio 2018 16:09\nA: me@corp.example\nOggetto: Invoice\n\nclick http://bad.example/\n",
        ),
        (
            "Outlook nl",
            "see below\n\n-----Oorspronkelijk bericht-----\nVan: Evil <evil@bad.example>\nVerzonden: maandag 14 mei 2018 16:09\nAan: me@corp.example\nOnderwerp: Invoice\n\nclick http://bad.example/\n",
        ),
        (
            "Outlook without a line",
            "see below\n\nFrom: Evil <evil@bad.example>\nSent: Monday, May 14, 2018 4:09 PM\nTo: me@corp.example\nSubject: Invoice\n\nclick http://bad.example/\n",
        ),
        (
            "Outlook web",
            "see below\n\n________________________________\nFrom: Evil <evil@bad.example>\nSent: Monday, May 14, 2018 4:09 PM\nTo: me@corp.example\nSubject: Invoice\n\nclick http://bad.example/\n",
        ),
        (
            "Gmail",
            "see below\n\n---------- Forwarded message ---------\nFrom: Evil <evil@bad.example>\nDate: Mon, May 14, 2018 at 4:09 PM\nSubject: Invoice\nTo: <me@corp.example>\n\n\nclick http://bad.example/\n",
        ),
        (
            "Apple Mail",
            "see below\n\nBegin forwarded message:\n\nFrom: Evil <evil@bad.example>\nSubject: Invoice\nDate: 14 May 2018 at 16:09:05 CEST\nTo: me@corp.example\n\nclick http://bad.example/\n",
        ),
        (
            "Apple Mail quoted",
            "see below\n\n> Begin forwarded message:\n> \n> From: Evil <evil@bad.example>\n> Subject: Invoice\n> Date: 14 May 2018 at 16:09:05 CEST\n> To: me@corp.example\n> \n> click http://bad.example/\n",
        ),
        (
            "Apple Mail, only the mail quoted",
            "see below\n\nBegin forwarded message:\n\n> From: Evil <evil@bad.example>\n> Subject: Invoice\n> Date: 14 May 2018\n> \n> click http://bad.example/\n",
        ),
        (
            "Apple Mail de",
            "see below\n\nAnfang der weitergeleiteten Nachricht:\n\nVon: Evil <evil@bad.example>\nBetreff: Invoice\nDatum: 14. Mai 2018 um 16:09:05 MESZ\nAn: me@corp.example\n\nclick http://bad.example/\n",
        ),
        (
            "Apple Mail fr",
            "see below\n\nDébut du message réexpédié :\n\nDe: Evil <evil@bad.example>\nObjet: Invoice\nDate: 14 mai 2018 à 16:09:05 UTC+2\nÀ: me@corp.example\n\nclick http://bad.example/\n",
        ),
        (
            "bold labels",
            "see below\n\n---------- Forwarded message ---------\n*From:* Evil <evil@bad.example>\n*Date:* Mon, 14 May 2018\n*Subject:* Invoice\n\nclick http://bad.example/\n",
        ),
    ];
    for (client, body) in facts {
        let mail = plain("Fwd: Invoice", body);
        let expected = ("evil@bad.example", "Invoice", "2018-05-14", "click http://bad.example/");
        let (from, subject, day, text) = quoted(&mail);
        assert_eq!(
            (from.as_str(), subject.as_str(), day.as_str(), text.as_str()),
            expected,
            "{client}"
        );
        assert_eq!(texts(&mail), ["see below"], "{client}");
    }
}

#[test]
fn html_forwards_are_cut_out_with_their_links() {
    let link = "<a href=\"http://bad.example/\">click</a>";
    let facts = [
        (
            "Thunderbird",
            format!(
                "<p>see below</p><div class=\"moz-forward-container\"><br><br>-------- Forwarded Message --------<table class=\"moz-email-headers-table\"><tbody><tr><th>Subject: </th><td>Invoice</td></tr><tr><th>Date: </th><td>Mon, 14 May 2018 16:09:05 -0400</td></tr><tr><th>From: </th><td>Evil <a href=\"mailto:evil@bad.example\">&lt;evil@bad.example&gt;</a></td></tr></tbody></table><br><br><p>{link}</p></div>"
            ),
        ),
        (
            "Outlook",
            format!(
                "<p class=MsoNormal>see below</p><div style='border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b>From:</b> Evil &lt;evil@bad.example&gt;<br><b>Sent:</b> Monday, May 14, 2018 4:09 PM<br><b>To:</b> me@corp.example<br><b>Subject:</b> Invoice</p></div><p class=MsoNormal>{link}</p>"
            ),
        ),
        (
            "Outlook de",
            format!(
                "<p>see below</p><hr><div id=divRplyFwdMsg><font><b>Von:</b> Evil &lt;evil@bad.example&gt;<br><b>Gesendet:</b> Montag, 14. Mai 2018 16:09<br><b>An:</b> me@corp.example<br><b>Betreff:</b> Invoice</font><div>&nbsp;</div></div>{link}"
            ),
        ),
        (
            "Gmail",
            format!(
                "<div dir=ltr>see below<br><br><div class=gmail_quote><div dir=ltr class=gmail_attr>---------- Forwarded message ---------<br>From: <b>Evil</b> <span>&lt;<a href=\"mailto:evil@bad.example\">evil@bad.example</a>&gt;</span><br>Date: Mon, May 14, 2018 at 4:09 PM<br>Subject: Invoice<br>To:  &lt;me@corp.example&gt;<br></div><br><br>{link}</div></div>"
            ),
        ),
        (
            "Apple Mail",
            format!(
                "<div>see below<br><blockquote type=cite><div>Begin forwarded message:</div><br><div><span><b>From: </b></span><span>Evil &lt;evil@bad.example&gt;<br></span></div><div><b>Subject: </b>Invoice</div><div><b>Date: </b>14 May 2018 at 16:09:05 CEST</div><br><div>{link}</div></blockquote></div>"
            ),
        ),
    ];
    for (client, body) in facts {
        let mail = html("Fwd: Invoice", &body);
        let expected = ("evil@bad.example", "Invoice", "2018-05-14", "click");
        let (from, subject, day, text) = quoted(&mail);
        assert_eq!(
            (from.as_str(), subject.as_str(), day.as_str(), text.as_str()),
            expected,
            "{client}"
        );
        assert_eq!(texts(&mail), ["see below"], "{client}");
        assert!(mail.bodies[0].links.is_empty(), "{client}");
        let inner = &mail.embedded[0].mail.bodies[0];
        assert_eq!(
            (inner.kind, inner.links[0].target.as_str()),
            (BodyKind::Html, "http://bad.example/"),
            "{client}"
        );
        let source = inner.source.as_deref().unwrap_or_default();
        assert!(!source.trim_start().starts_with("</"), "{client}: {source}");
    }
}

#[test]
fn a_reply_is_no_forward() {
    let block = "From: Joe <joe@x.example>\nSent: Monday, May 14, 2018 4:09 PM\nTo: me@corp.example\nSubject: Question\n\nwhat about http://x.example/\n";
    let facts = [
        (
            "Re: Question",
            format!("I agree\n\n-----Original Message-----\n{block}"),
        ),
        ("AW: Question", format!("I agree\n\n{block}")),
        (
            "Re: Question",
            "I agree\n\nOn Monday, Joe <joe@x.example> wrote:\n> what about http://x.example/\n".to_owned(),
        ),
        (
            "Fwd: Question",
            "On Monday, Joe <joe@x.example> wrote:\n> what about http://x.example/\n".to_owned(),
        ),
        ("A list", "From: the bank\nthey say so\n".to_owned()),
        ("A list", "-----\nFrom: a\n-----\n".to_owned()),
    ];
    for (subject, body) in facts {
        let mail = plain(subject, &body);
        assert!(mail.embedded.is_empty(), "{subject}: {body}");
        assert_eq!(mail.bodies[0].text, body);
    }
    let answered = read(&format!(
        "From: a@b\nSubject: Question\nIn-Reply-To: <x@y>\n\nyes\n\n-----Original Message-----\n{block}"
    ));
    assert!(answered.embedded.is_empty());
}

#[test]
fn wrapped_pseudo_headers_are_joined_and_do_not_rule_the_text() {
    let mail = plain(
        "Fwd: x",
        "-------- Forwarded Message --------\nSubject: x\nFrom: evil@bad.example\nX-Mozilla-Draft-Info: internal/draft; vcard=0;\nuuencode=0; attachmentreminder=0\nUser-Agent: Mozilla/5.0 Gecko/20100101\nThunderbird/52.7.0\nMIME-Version: 1.0\nContent-Type: multipart/mixed;\nboundary=\"------------6A8F\"\nContent-Transfer-Encoding: base64\n\ncircl.lu\n",
    );
    let inner = &mail.embedded[0];
    assert_eq!(
        inner.mail.headers.first("user-agent"),
        Some("Mozilla/5.0 Gecko/20100101 Thunderbird/52.7.0")
    );
    assert_eq!(inner.mail.headers.boundary().as_deref(), Some("------------6A8F"));
    assert_eq!(texts(&inner.mail), ["circl.lu"]);
    let again = crate::mail::parse(&inner.raw, &crate::config::MailSettings::default()).unwrap();
    assert_eq!(texts(&again), ["circl.lu"]);
    assert_eq!(again.headers.subject(), Some("x"));
}

#[test]
fn several_forwards_stand_beside_one_another_or_inside() {
    let block = |subject: &str, text: &str| {
        format!("-------- Forwarded Message --------\nSubject: {subject}\nFrom: a@b.example\n\n{text}\n\n")
    };
    let beside = plain(
        "Fwd: two",
        &format!("both\n{}{}", block("one", "first"), block("two", "second")),
    );
    let subjects: Vec<_> = beside
        .embedded
        .iter()
        .map(|e| e.mail.headers.subject().unwrap())
        .collect();
    assert_eq!(subjects, ["one", "two"]);
    assert_eq!(texts(&beside.embedded[0].mail), ["first"]);

    let inside = plain(
        "Fwd: Fwd: one",
        &format!(
            "look\n{}",
            block("Fwd: one", &format!("and\n\n{}", block("one", "deep")))
        ),
    );
    assert_eq!(inside.embedded.len(), 1);
    assert_eq!(texts(&inside.embedded[0].mail), ["and"]);
    assert_eq!(texts(&inside.embedded[0].mail.embedded[0].mail), ["deep"]);
}

#[test]
fn both_alternatives_of_a_forward_are_one_mail() {
    let plain =
        "see\n\n---------- Forwarded message ---------\nFrom: Evil <evil@bad.example>\nSubject: Invoice\n\nclick\n";
    let html = "see<br>---------- Forwarded message ---------<br>From: Evil &lt;evil@bad.example&gt;<br>Subject: Invoice<br><br><a href=http://bad.example/>click</a>";
    let mail = read(&format!(
        "From: a@b\nSubject: Fwd: x\nContent-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: multipart/alternative; boundary=x\n\n--x\n\n{plain}\n--x\nContent-Type: text/html\n\n{html}\n--x--\n--m\nContent-Type: application/pdf; name=a.pdf\n\npdf\n--m--\n"
    ));
    assert_eq!(mail.embedded.len(), 1);
    assert_eq!(texts(&mail.embedded[0].mail), ["click", "click"]);
    assert_eq!(texts(&mail), ["see", "see"]);
    // The file stays the carrier's.
    assert_eq!(mail.attachments[0].role, AttachmentRole::File);
}

#[test]
fn text_after_a_quoted_forward_is_the_senders() {
    let mail = plain(
        "Fwd: x",
        "above\n\nBegin forwarded message:\n\n> From: evil@bad.example\n> Subject: x\n> Date: 14 May 2018\n>\n> quoted\n\nbelow\n",
    );
    assert_eq!(texts(&mail), ["above\n\nbelow"]);
    assert_eq!(texts(&mail.embedded[0].mail), ["quoted"]);
}

#[test]
fn a_line_of_the_users_own_begins_a_forward() {
    let raw = b"From: me@corp.example\nSubject: x\n\nlook\n\n>>> Passed on <<<\nFrom: Evil <evil@bad.example>\nTo: a@b.example\n\nclick\n";
    let limits = MailSettings {
        forward_markers: vec![" >>> passed ON <<<".to_owned(), String::new()],
        ..MailSettings::default()
    };
    assert!(parse(raw, &MailSettings::default()).unwrap().embedded.is_empty());
    let mail = parse(raw, &limits).unwrap();
    assert_eq!(quoted(&mail).0, "evil@bad.example");
    assert_eq!(mail.bodies[0].text.trim(), "look");
}

#[test]
fn a_forward_of_an_unknown_language_is_told_by_its_shape() {
    let fields = "Kwaherini: Evil <evil@bad.example>\nIliyotumwa: Jumatatu 14/05/2018 16:09\nMpokeaji: me@corp.example\nMada: Invoice\n";
    let bird =
        "Mada: Invoice\nTarehe: 14/05/2018 16:09\nKwaherini: Evil <evil@bad.example>\nMpokeaji: me@corp.example\n";
    let half = "Kwaherini: Evil <evil@bad.example>\nDate: Mon, 14 May 2018 at 16:09\nSubject: Invoice\nTo: <me@corp.example>\n";
    let text = "click: http://bad.example/\n";
    let facts = [
        (
            "Fwd: Invoice",
            format!("see\n\n---------- Ujumbe uliosambazwa ---------\n{fields}\n{text}"),
        ),
        (
            "Mbele: Invoice",
            format!("see\n\n-------- Ujumbe uliosambazwa --------\n{bird}\n\n{text}"),
        ),
        (
            "Fwd: Invoice",
            format!("see\n\n---------- Forwarded message ---------\n{half}\n{text}"),
        ),
        (
            "Fwd: Invoice",
            format!(
                "see\n\nMwanzo wa ujumbe:\n\n> {}\n> \n> {text}",
                fields.trim().replace('\n', "\n> ")
            ),
        ),
        (
            "FW: Invoice",
            format!("see\n\n________________________________\n{fields}\n{text}"),
        ),
        ("FW: Invoice", format!("see\n\n{fields}{text}")),
    ];
    for (subject, body) in facts {
        let mail = plain(subject, &body);
        let told = (
            "evil@bad.example",
            "Invoice",
            "2018-05-14",
            "click: http://bad.example/",
        );
        let (from, inner, day, text) = quoted(&mail);
        assert_eq!(
            (from.as_str(), inner.as_str(), day.as_str(), text.as_str()),
            told,
            "{subject}\n{body}"
        );
    }
    let rich = format!(
        "<p>see</p><div class=gmail_quote>---------- Ujumbe uliosambazwa ---------<br>{}<br>{text}</div>",
        fields.replace('<', "&lt;").replace('\n', "<br>")
    );
    assert_eq!(quoted(&html("Fwd: Invoice", &rich)).0, "evil@bad.example");
}

#[test]
fn what_only_resembles_a_forward_stays_what_it_is() {
    let block =
        "From: Joe <joe@x.example>\nSent: Monday, May 14, 2018 4:09 PM\nTo: me@corp.example\nSubject: Question\n";
    let unknown =
        "Kwaherini: Joe <joe@x.example>\nIliyotumwa: 14/05/2018 16:09\nMpokeaji: me@corp.example\nMada: Question\n";
    let near = [
        ("Re: Question", format!("yes\n\n-----Original Message-----\n{block}\nwhat?\n")),
        ("Odp: Question", "yes\n\nW dniu 14.05.2018 16:09, Joe <joe@x.example> napisał(a):\n> what?\n".to_owned()),
        ("SV: Question", "ja\n\nDen 14 maj 2018 16:09 skrev Joe <joe@x.example>:\n> what?\n".to_owned()),
        ("Question", "yes\n\nOn 14 May 2018 at 16:09, Joe <joe@x.example> wrote:\n> what?\n".to_owned()),
        ("Ynt: Question", format!("yes\n\n-------- Ujumbe wa awali --------\n{unknown}\nwhat?\n")),
        ("Contact: Question", "Name: Joe\nE-Mail: joe@x.example\nDate: 14/05/2018 16:09\nSubject: Question\nMessage: call me\n".to_owned()),
        ("New ticket 4711", "--------------------\nTicket: 4711\nCustomer: Joe <joe@x.example>\nOpened: 14/05/2018 16:09\nPriority: high\n".to_owned()),
        ("Ticket 4711: Printer", "---- Details ----\nTitle: Printer broken\nReporter: Joe <joe@x.example>\nAssignee: Ann <ann@x.example>\nCreated: 14/05/2018 16:09\n".to_owned()),
        ("Advisory", "Headers that we saw:\n\nFrom: bank\nSubject: Your account\n\nThey change daily.\n".to_owned()),
        ("Meeting", "Date: 14 May 2018\nFrom: 10:00\nTo: 12:00\nSubject: budget\n".to_owned()),
        ("Log", "----- begin forwarded message -----\nnothing was attached\n".to_owned()),
        ("Calls", "From: +49 30 1234\nDate: 14 May 2018\n\nFrom: +49 30 5678\nDate: 15 May 2018\n".to_owned()),
        ("Fwd: Question", "Joe wrote on 14 May 2018:\n> ask ann@x.example\n".to_owned()),
    ];
    for (subject, body) in near {
        let mail = plain(subject, &body);
        assert!(mail.embedded.is_empty(), "{subject}\n{body}");
        assert_eq!(mail.bodies[0].text, body);
    }
}
