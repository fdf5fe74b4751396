//! Forwards of all languages in the layouts of all programs. Labels, lines and dates are those that the programs print; names, addresses and
//! sentences are ours.

use super::{plain_mail, read};
use crate::mail::{Mail, MailDate};

/// What programs write in a language: code, `Fwd:` of Outlook, From, Sent, Date, To, Cc, Subject, Forwarded message, Begin forwarded message,
/// Original message, a date, and who wrote.
type Language = [&'static str; 13];

#[rustfmt::skip]
const LANGUAGES: [Language; 23] = [
    ["cs", "FW", "Od", "Odesláno", "Datum", "Komu", "Kopie", "Předmět", "Přeposlaná zpráva", "Začátek přeposílané zprávy", "Původní zpráva", "úterý 2. listopadu 2021 09:26", "Dne 02/11/2021 09:26, Evil Joe <evil@bad.example> napsal(a):"],
    ["da", "VS", "Fra", "Sendt", "Dato", "Til", "Cc", "Emne", "Videresendt meddelelse", "Start på videresendt besked", "Oprindelig meddelelse", "tirsdag den 2. november 2021 09.26", "D. 02/11/2021 09.26 skrev \"Evil Joe\" <evil@bad.example>:"],
    ["de", "WG", "Von", "Gesendet", "Datum", "An", "Kopie", "Betreff", "Weitergeleitete Nachricht", "Anfang der weitergeleiteten Nachricht", "Ursprüngliche Nachricht", "Dienstag, 2. November 2021 09:26", "Am 02/11/2021 09:26 schrieb \"Evil Joe\" <evil@bad.example>:"],
    ["en", "FW", "From", "Sent", "Date", "To", "Cc", "Subject", "Forwarded message", "Begin forwarded message", "Original Message", "Tuesday, November 2, 2021 9:26 AM", "On 02/11/2021, 09:26, \"Evil Joe\" <evil@bad.example> wrote:"],
    ["es", "RV", "De", "Enviado", "Fecha", "Para", "CC", "Asunto", "Mensaje reenviado", "Inicio del mensaje reenviado", "Mensaje original", "martes, 2 de noviembre de 2021 9:26", "El 02/11/2021 09:26, \"Evil Joe\" <evil@bad.example> escribió:"],
    ["et", "Fwd", "Saatja", "Saadetud", "Kuupäev", "Saaja", "Koopia", "Teema", "Edastatud sõnum", "Edastatud kiri", "Algne sõnum", "teisipäev, 2. november 2021 kell 09:26", "Evil Joe <evil@bad.example> kirjutas 02.11.2021 09:26:"],
    ["fi", "VL", "Lähettäjä", "Lähetetty", "Päivämäärä", "Vastaanottaja", "Kopio", "Aihe", "Edelleenlähetetty viesti", "Välitetty viesti alkaa", "Alkuperäinen viesti", "tiistaina 2. marraskuuta 2021 klo 09.26", "Evil Joe <evil@bad.example> kirjoitti 02/11/2021 09.26:"],
    ["fr", "TR", "De", "Envoyé", "Date", "À", "Cc", "Objet", "Message transféré", "Début du message réexpédié", "Message d’origine", "mardi 2 novembre 2021 à 09:26", "Le 02/11/2021 09:26, « Evil Joe » <evil@bad.example> a écrit :"],
    ["hr", "FW", "Šalje", "Poslano", "Datum", "Prima", "Cc", "Predmet", "Proslijeđena poruka", "Započni proslijeđenu poruku", "Izvorna poruka", "utorak, 2. studenoga 2021. u 09:26", "02.11.2021. u 09:26, Evil Joe <evil@bad.example> je napisao:"],
    ["hu", "FW", "Feladó", "Elküldve", "Dátum", "Címzett", "Másolatot kap", "Tárgy", "Továbbított üzenet", "Továbbított levél kezdete", "Eredeti üzenet", "2021. november 2., kedd 09:26", "02/11/2021 09:26 időpontban Evil Joe (evil@bad.example) ezt írta:"],
    ["it", "I", "Da", "Inviato", "Data", "A", "Cc", "Oggetto", "Messaggio inoltrato", "Inizio messaggio inoltrato", "Messaggio originale", "martedì 2 novembre 2021 09:26", "Il giorno 02/11/2021 09:26 \"Evil Joe\" <evil@bad.example> ha scritto:"],
    ["ja", "転送", "差出人", "送信日時", "日付", "宛先", "CC", "件名", "メッセージを転送", "転送されたメッセージ", "元のメッセージ", "2021年11月2日火曜日 9:26", "2021年11月2日(火) 9:26 Evil Joe <evil@bad.example>:"],
    ["nl", "FW", "Van", "Verzonden", "Datum", "Aan", "CC", "Onderwerp", "Doorgestuurd bericht", "Begin doorgestuurd bericht", "Oorspronkelijk bericht", "dinsdag 2 november 2021 09:26", "Op 02/11/2021 09:26 heeft Evil Joe <evil@bad.example> geschreven:"],
    ["no", "Videresend", "Fra", "Sendt", "Dato", "Til", "Kopi", "Emne", "Videresendt melding", "Videresendt melding", "Opprinnelig melding", "tirsdag, 2. november 2021 kl. 09:26", "Evil Joe <evil@bad.example> skrev følgende den 02/11/2021, 09:26:"],
    ["pl", "PD", "Od", "Wysłano", "Data", "Do", "DW", "Temat", "Przekazana wiadomość", "Początek przekazywanej wiadomości", "Oryginalna wiadomość", "wtorek, 2 listopada 2021 09:26", "Dnia 02/11/2021, 09:26 użytkownik „Evil Joe” <evil@bad.example> napisał:"],
    ["pt", "FW", "De", "Enviado", "Data", "Para", "CC", "Assunto", "Mensagem reencaminhada", "Início da mensagem reencaminhada", "Mensagem original", "terça-feira, 2 de novembro de 2021 09:26", "Em 02/11/2021, 09:26, \"Evil Joe\" <evil@bad.example> escreveu:"],
    ["pt-br", "ENC", "De", "Enviada em", "Data", "Para", "Cc", "Assunto", "Mensagem encaminhada", "Início da mensagem encaminhada", "Mensagem original", "terça-feira, 2 de novembro de 2021 às 09:26", "Em ter., 2 de nov. de 2021 às 09:26, Evil Joe <evil@bad.example> escreveu:"],
    ["ro", "Redir.", "De la", "Trimis", "Dată", "Către", "Cc", "Subiect", "Mesaj redirecționat", "Începe mesajul redirecționat", "Mesaj original", "marți, 2 noiembrie 2021 09:26", "Pe 02.11.2021 la 09:26, Evil Joe <evil@bad.example> a scris:"],
    ["ru", "FW", "От", "Отправлено", "Дата", "Кому", "Копия", "Тема", "Пересылаемое сообщение", "Начало переадресованного сообщения", "Исходное сообщение", "вторник, 2 ноября 2021 г. в 09:26", "02/11/2021, 09:26 пользователь \"Evil Joe\" <evil@bad.example> написал:"],
    ["sk", "FW", "Od", "Odoslané", "Dátum", "Komu", "Kópia", "Predmet", "Preposlaná správa", "Začiatok preposlanej správy", "Pôvodná správa", "utorok 2. novembra 2021 09:26", "02/11/2021 09:26 používateľ Evil Joe (<evil@bad.example>) napísal:"],
    ["sv", "VB", "Från", "Skickat", "Datum", "Till", "Kopia", "Ämne", "Vidarebefordrat meddelande", "Vidarebefordrat mejl", "Ursprungligt meddelande", "den 2 november 2021 09:26", "Den 02/11/2021 09:26 skrev \"Evil Joe\" <evil@bad.example> följande:"],
    ["tr", "İLT", "Kimden", "Gönderilen", "Tarih", "Kime", "Bilgi", "Konu", "İletilmiş Mesaj", "İleti başlangıcı", "Özgün İleti", "2 Kasım 2021 Salı 09:26", "\"Evil Joe\" <evil@bad.example>, 02/11/2021 09:26 tarihinde şunu yazdı:"],
    ["uk", "FW", "Від", "Надіслано", "Дата", "Кому", "Копія", "Тема", "Перенаправлене повідомлення", "Початок листа, що пересилається", "Оригінальне повідомлення", "вівторок, 2 листопада 2021 р. о 09:26", "вт, 2 лист. 2021 р. о 09:26 Evil Joe <evil@bad.example> пише:"],
];

const SUBJECT: &str = "Ihre Rechnung: 4711 (letzte Mahnung)";
const TEXT: &str = "Please pay at http://bad.example/pay today.\nSecond line: of the text.\n\nBye";

/// A text that forwards, plain or HTML, under its subject.
struct Forward {
    client: &'static str,
    subject: String,
    text: String,
    html: bool,
}

/// Header lines in the order of each program.
struct Blocks {
    gmail: String,
    outlook: String,
    mac: String,
    apple: String,
    bird: String,
    gmx: String,
    client: String,
}

const EVIL: &str = "Evil Joe <evil@bad.example>";
const ME: &str = "me@corp.example";
const YOU: &str = "You <you@corp.example>, They <they@corp.example>";

fn blocks([_, _, from, sent, date, to, cc, subject, _, _, _, day, _]: &Language) -> Blocks {
    let lines = |fields: &[(&str, &str)], between: &str| {
        fields
            .iter()
            .map(|(label, value)| format!("{label}:{between}{value}\n"))
            .collect::<Vec<_>>()
            .concat()
    };
    let quoted = "\"Evil Joe\" <evil@bad.example>";
    let twice = "me@corp.example <me@corp.example>";
    let sent_at = "Tue, 2 Nov 2021 09:26:00 +0100";
    Blocks {
        gmail: lines(
            &[
                (from, EVIL),
                ("Date", day),
                ("Subject", SUBJECT),
                ("To", "<me@corp.example>"),
                ("Cc", YOU),
            ],
            " ",
        ),
        outlook: lines(
            &[(from, EVIL), (sent, day), (to, ME), (cc, YOU), (subject, SUBJECT)],
            " ",
        ),
        mac: lines(
            &[(from, EVIL), (date, day), (to, twice), (cc, YOU), (subject, SUBJECT)],
            " ",
        ),
        apple: lines(
            &[(from, EVIL), (subject, SUBJECT), (date, day), (to, ME), (cc, YOU)],
            " ",
        ),
        bird: lines(
            &[(subject, SUBJECT), (date, sent_at), (from, EVIL), (to, ME), (cc, YOU)],
            " \t",
        ),
        gmx: lines(&[(sent, day), (from, quoted), (to, ME), (subject, SUBJECT)], " "),
        client: lines(&[(from, quoted), (to, ME), (sent, day), (subject, SUBJECT)], " "),
    }
}

fn quote(text: &str) -> String {
    text.lines()
        .map(|line| format!("> {line}\n"))
        .collect::<Vec<_>>()
        .concat()
}

fn plain_layouts(language: &Language) -> Vec<Forward> {
    let [
        _,
        fw,
        from,
        sent,
        _,
        to,
        cc,
        subject,
        forwarded,
        begin,
        original,
        day,
        wrote,
    ] = language;
    let Blocks {
        gmail,
        outlook,
        mac,
        apple,
        bird,
        gmx,
        client,
    } = blocks(language);
    let (fwd, fw) = (format!("Fwd: {SUBJECT}"), format!("{fw}: {SUBJECT}"));
    let yahoo = format!(
        "   ----- {forwarded} ----- {from}: {EVIL}{to}: \"me\" <{ME}>{cc}: {YOU}{sent}: {day} CET{subject}: {SUBJECT}\n {TEXT}"
    );
    let one = format!(
        "-------- {forwarded} --------\n{from}: {EVIL} {sent}: {day} {to}: {ME} {subject}: {SUBJECT}\n\n{TEXT}"
    );
    let moved = TEXT
        .lines()
        .map(|line| format!("    {line}\n"))
        .collect::<Vec<_>>()
        .concat();
    let (quoted, text) = (quote(TEXT), TEXT);
    let plain = |client, subject: &String, text: String| Forward {
        client,
        subject: subject.clone(),
        text: format!("look\n\n{text}"),
        html: false,
    };
    vec![
        plain(
            "Gmail",
            &fwd,
            format!("---------- Forwarded message ---------\n{gmail}\n{text}"),
        ),
        plain("Outlook", &fw, format!("-----{original}-----\n{outlook}\n{text}")),
        plain("Outlook, new", &fw, format!("{outlook}\n{text}")),
        plain(
            "Outlook on the web",
            &fw,
            format!("________________________________\n{outlook}\n{text}"),
        ),
        plain("Outlook for Mac", &fw, format!("{mac}{text}")),
        plain("Outlook for Mac 2019", &fw, format!("{wrote}\n\n{moved}")),
        plain("Apple Mail", &fwd, format!("{begin}:\n\n{apple}\n{text}")),
        plain(
            "Apple Mail, quoted",
            &fwd,
            format!("> {begin}:\n> \n{}> \n{quoted}", quote(&apple)),
        ),
        plain("iOS", &fwd, format!("{begin}:\n\n{}> \n{quoted}", quote(&mac))),
        plain("Yahoo", &fw, yahoo),
        plain("one line", &fwd, one),
        plain(
            "Thunderbird",
            &fwd,
            format!("-------- {forwarded} --------\n{bird}\n\n{text}"),
        ),
        plain(
            "ProtonMail",
            &fwd,
            format!("------- {forwarded} -------\n{mac}\n{quoted}"),
        ),
        plain(
            "ProtonMail, old",
            &fwd,
            format!("‐‐‐‐‐‐‐ {original} ‐‐‐‐‐‐‐\n{wrote}\n\n{quoted}"),
        ),
        plain("GMX", &fw, format!(" \n\n{gmx}\n{text}")),
        plain(
            "HubSpot",
            &fwd,
            format!("---------- {forwarded} ---------\n{apple}\n{text}"),
        ),
        plain(
            "Missive",
            &fwd,
            format!("---------- {forwarded} ----------\n{mac}\n{quoted}"),
        ),
        plain(
            "eM Client",
            &fwd,
            format!("------ {forwarded} ------\n{client}\n{text}"),
        ),
        plain("Samsung", &fwd, format!("-------- {original} --------\n{mac}\n{text}")),
        plain("X wrote", &fwd, format!("{wrote}\n{quoted}")),
        plain(
            "Mutt",
            &fwd,
            format!("----- {forwarded} {EVIL} -----\n\n{apple}\n{text}"),
        ),
    ]
}

const RICH: &str =
    "<p>Please pay at <a href=\"http://bad.example/pay\">http://bad.example/pay</a> today.</p><p>Bye</p>";

fn escape(text: &str) -> String {
    text.replace('<', "&lt;").replace('>', "&gt;")
}

/// Header lines with bold labels, parted by `between`.
fn bold(block: &str, between: &str) -> String {
    let fields = block.lines().filter_map(|line| line.split_once(": "));
    let lines: Vec<_> = fields
        .map(|(label, value)| format!("<b>{label}:</b> {}", escape(value)))
        .collect();
    lines.join(between)
}

fn html_layouts(language: &Language) -> Vec<Forward> {
    let [_, fw, _, _, _, _, _, _, forwarded, begin, original, _, wrote] = language;
    let Blocks {
        gmail,
        outlook,
        mac,
        apple,
        bird,
        gmx,
        client,
    } = blocks(language);
    let (fwd, fw) = (format!("Fwd: {SUBJECT}"), format!("{fw}: {SUBJECT}"));
    let br = |block: &str| escape(block).replace('\n', "<br>\n");
    let cells = bird.lines().filter_map(|line| line.split_once(": \t"));
    let rows = cells
        .map(|(label, value)| format!("<tr><th>{label}: </th><td>{}</td></tr>", escape(value)))
        .collect::<Vec<_>>()
        .concat();
    let (in_lines, in_divs) = (bold(&outlook, "<br>"), bold(&client, "</div><div>"));
    let html = |client, subject: &String, text: String| Forward {
        client,
        subject: subject.clone(),
        text: format!("<div>look</div>{text}"),
        html: true,
    };
    vec![
        html(
            "Gmail, HTML",
            &fwd,
            format!(
                "<div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">---------- Forwarded message ---------<br>{}</div><br>{RICH}</div>",
                br(&gmail)
            ),
        ),
        html(
            "Outlook, HTML",
            &fw,
            format!("<div style='border-top:solid #E1E1E1 1.0pt'><p>{in_lines}</p></div>{RICH}"),
        ),
        html(
            "Outlook on the web, HTML",
            &fw,
            format!("<hr><div id=\"divRplyFwdMsg\"><font>{in_lines}</font><div>&nbsp;</div></div>{RICH}"),
        ),
        html(
            "Outlook for Mac, HTML",
            &fw,
            format!("<div><p>{}</p></div>{RICH}", bold(&mac, "<br>")),
        ),
        html(
            "Apple Mail, HTML",
            &fwd,
            format!(
                "<blockquote type=\"cite\"><div>{begin}:</div><br><div>{}</div><br><div>{RICH}</div></blockquote>",
                bold(&apple, "<br></div><div>")
            ),
        ),
        html(
            "Yahoo, HTML",
            &fw,
            format!(
                "<div id=\"yahoo_quoted\"><div>----- {forwarded} -----</div><div>{in_divs}</div><div>{RICH}</div></div>"
            ),
        ),
        html(
            "Thunderbird, HTML",
            &fwd,
            format!(
                "<div class=\"moz-forward-container\"><br>-------- {forwarded} --------<table class=\"moz-email-headers-table\"><tbody>{rows}</tbody></table><br>{RICH}</div>"
            ),
        ),
        html(
            "ProtonMail, HTML",
            &fwd,
            format!(
                "<div class=\"protonmail_quote\">------- {forwarded} -------<br>{}<br><blockquote>{RICH}</blockquote></div>",
                br(&mac)
            ),
        ),
        html(
            "GMX, HTML",
            &fw,
            format!(
                "<div name=\"quote\"><div>{}</div><div name=\"quoted-content\">{RICH}</div></div>",
                bold(&gmx, "<br/>\n")
            ),
        ),
        html(
            "eM Client, HTML",
            &fwd,
            format!("<div>------ {forwarded} ------</div><div>{in_divs}</div><div><br></div>{RICH}"),
        ),
        html(
            "Samsung, HTML",
            &fwd,
            format!(
                "<div>-------- {original} --------</div><div>{}</div><div><br></div>{RICH}",
                escape(&mac).replace('\n', "</div><div>")
            ),
        ),
        html(
            "X wrote, HTML",
            &fwd,
            format!(
                "<div class=\"moz-cite-prefix\">{}</div><blockquote>{RICH}</blockquote>",
                escape(wrote)
            ),
        ),
    ]
}

fn layouts(language: &Language) -> Vec<Forward> {
    let mut all = plain_layouts(language);
    all.extend(html_layouts(language));
    all
}

fn mail(forward: &Forward) -> Mail {
    if forward.html {
        return read(&format!(
            "From: me@corp.example\nSubject: {}\nContent-Type: text/html; charset=utf-8\n\n{}",
            forward.subject, forward.text
        ));
    }
    plain_mail(&forward.subject, &forward.text)
}

/// What is wrong with how a forward was read, if anything.
fn fault(forward: &Forward) -> Option<String> {
    let mail = mail(forward);
    let [inner] = mail.embedded.as_slice() else {
        return Some(format!("{} mails", mail.embedded.len()));
    };
    let headers = &inner.mail.headers;
    let from: Vec<String> = headers
        .addresses("From")
        .into_iter()
        .map(|address| address.address)
        .collect();
    let day = headers
        .date()
        .map(|MailDate { iso, .. }| iso.get(..16).unwrap_or_default().to_owned());
    let text = inner
        .mail
        .bodies
        .first()
        .map(|body| body.text.trim().to_owned())
        .unwrap_or_default();
    let told = (from.join(" "), day.as_deref(), headers.subject());
    if told != ("evil@bad.example".to_owned(), Some("2021-11-02T09:26"), Some(SUBJECT)) {
        return Some(format!("{told:?}"));
    }
    let as_it_was = if forward.html {
        text.starts_with("Please pay at")
    } else {
        text == TEXT
    };
    (!as_it_was).then(|| format!("text {text:?}"))
}

#[test]
fn forwards_of_all_languages_and_programs_are_read() {
    let mut count = 0;
    let mut faults = Vec::new();
    for language in &LANGUAGES {
        for forward in layouts(language) {
            count += 1;
            faults.extend(fault(&forward).map(|fault| format!("{} {}: {fault}", language[0], forward.client)));
        }
    }
    assert_eq!(count, 23 * 33);
    assert!(faults.is_empty(), "{} of {count}:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn the_same_layouts_under_an_answer_are_no_forwards() {
    for language in &LANGUAGES {
        for forward in layouts(language)
            .into_iter()
            .filter(|forward| forward.client.starts_with("Outlook") || forward.client.starts_with("X wrote"))
        {
            let subject = format!("Re: {SUBJECT}");
            let answer = Forward { subject, ..forward };
            assert!(mail(&answer).embedded.is_empty(), "{} {}", language[0], answer.client);
        }
    }
}
