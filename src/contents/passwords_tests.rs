//! Facts about the passwords that mails name.

use super::{Named, Passwords};
use crate::domain::table;
use crate::mail::{Attachment, AttachmentRole, Body, BodyKind, HeaderField, Headers, Mail};

fn mail(text: &str) -> Mail {
    Mail {
        bodies: vec![Body {
            kind: BodyKind::Plain,
            text: text.to_owned(),
            source: None,
            asides: Vec::new(),
            links: Vec::new(),
        }],
        ..Mail::default()
    }
}

/// The first five of a text.
fn first(text: &str) -> Vec<String> {
    let mail = mail(text);
    let found = Passwords::of([Named::of(&mail)], &[]);
    found.iter().take(5).map(str::to_owned).collect()
}

#[test]
fn every_row_of_the_table_finds_the_password_of_its_example() {
    for row in table::rows("password_words") {
        assert!(
            first(&row["example"]).contains(&"Kx77".to_owned()),
            "{}: {:?}",
            row["example"],
            first(&row["example"])
        );
    }
}

#[test]
fn sentences_of_many_languages_give_the_password_away() {
    let cases = [
        ("Password: abc123", "abc123"),
        ("password is 4711", "4711"),
        (
            "The password for the attached document is: Winter-2025!",
            "Winter-2025!",
        ),
        ("Archive password - 7788", "7788"),
        ("PASSWORD : \"open sesame\"", "open sesame"),
        ("Use password 1q2w3e to open the file.", "1q2w3e"),
        ("Pass: inv3021", "inv3021"),
        ("pw=Zx81", "Zx81"),
        ("Password:\nQW-99-er", "QW-99-er"),
        ("Your passcode is *55102*", "55102"),
        ("PIN code: 9021", "9021"),
        ("Access code – 661204", "661204"),
        ("The zip password is infected", "infected"),
        ("Your document is protected. Password to open: 0211", "0211"),
        ("Please find the file attached (password: K8!z).", "K8!z"),
        ("Das Kennwort für die Datei ist Sommer24", "Sommer24"),
        ("Passwort: „geheim77“", "geheim77"),
        ("Passwort zum Öffnen: 8834", "8834"),
        ("Kennwort lautet: hund_katze", "hund_katze"),
        ("Mot de passe : facture2026", "facture2026"),
        ("Le mot de passe du fichier est «Rue12»", "Rue12"),
        ("mdp: x9x9", "x9x9"),
        ("Contraseña: 123abc", "123abc"),
        ("La clave para abrir el documento es 5566", "5566"),
        ("Clave de acceso: NIF8812", "NIF8812"),
        ("Senha do PDF: 123", "123"),
        ("Senha: 4 8 1", "4 8 1"),
        ("A senha para abrir o arquivo é boleto99", "boleto99"),
        ("Palavra-passe: fatura1", "fatura1"),
        ("La password per aprire il file è 334455", "334455"),
        ("Codice di accesso: AB12", "AB12"),
        ("Wachtwoord: factuur55", "factuur55"),
        ("Het wachtwoord voor het bestand is kaas12", "kaas12"),
        ("пароль 11", "11"),
        ("Пароль от архива: 2222", "2222"),
        ("Пароль: счёт77", "счёт77"),
        ("Код доступа - 909090", "909090"),
        ("Пароль до архіву 4545", "4545"),
        ("Hasło: faktura1", "faktura1"),
        ("Hasło do archiwum to 8h8h", "8h8h"),
        ("Heslo: 7070", "7070"),
        ("Jelszó: szamla5", "szamla5"),
        ("Parola: factura9", "factura9"),
        ("Şifre: 6161", "6161"),
        ("Dosya için parola 1905", "1905"),
        ("Lösenord: faktura3", "faktura3"),
        ("Adgangskode: 3344", "3344"),
        ("Salasana: lasku2", "lasku2"),
        ("Κωδικός: 7878", "7878"),
        ("密码：8899", "8899"),
        ("解压密码是abc8899", "abc8899"),
        ("密碼: 5151", "5151"),
        ("パスワード：1357", "1357"),
        ("パスワードは2468です", "2468"),
        ("비밀번호는 9753 입니다", "9753"),
        ("암호: q1w2", "q1w2"),
        ("كلمة المرور: 4040", "4040"),
        ("סיסמה: 5050", "5050"),
        ("Mật khẩu: hoadon1", "hoadon1"),
        ("Kata sandi: tagihan2", "tagihan2"),
        ("รหัสผ่าน: 6060", "6060"),
        (
            "Hello,\n\nthe invoice is attached.\nPassword: R3chnung.\n\nRegards",
            "R3chnung",
        ),
    ];
    let missed: Vec<_> = cases
        .iter()
        .filter(|(text, wanted)| !first(text).contains(&(*wanted).to_owned()))
        .map(|(text, _)| (text, first(text)))
        .collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn subjects_names_of_files_and_recipients_name_passwords_too() {
    let field = |name: &str, value: &str| HeaderField {
        name: name.into(),
        value: value.into(),
        raw: value.into(),
    };
    let mut mail = mail("see attached");
    mail.headers = Headers {
        fields: vec![
            field("Subject", "Invoice, password 4433"),
            field("To", "ana@stadtkasse.net"),
        ],
    };
    mail.attachments = vec![Attachment {
        name: Some("scan_pass_5512.zip".into()),
        content_type: "application/zip".into(),
        bytes: Vec::new(),
        role: AttachmentRole::File,
        places: Vec::new(),
    }];
    let further = ["ours".to_owned()];
    let found = Passwords::of([Named::of(&mail)], &further);
    let all: Vec<&str> = found.iter().collect();
    for wanted in [
        "4433",
        "5512",
        "ours",
        "infected",
        "ana@stadtkasse.net",
        "ana",
        "stadtkasse.net",
        "stadtkasse",
    ] {
        assert!(all.contains(&wanted), "{wanted}: {all:?}");
    }
    assert!(all.iter().position(|one| *one == "4433") < all.iter().position(|one| *one == "infected"));
}

#[test]
fn no_text_names_more_than_the_most() {
    let text = (0..5000)
        .map(|index| format!("password: word{index}\n"))
        .collect::<Vec<_>>()
        .concat();
    assert_eq!(Passwords::of([Named::of(&mail(&text))], &[]).iter().count(), 64);
}

/// More of what mails say.
const MORE: &[(&str, &str)] = &[
    // English
    ("Password: 8841", "8841"),
    ("Password:8841", "8841"),
    ("The password is Kestrel77.", "Kestrel77"),
    ("The password for the attached file is kestrel", "kestrel"),
    ("Please find the invoice attached. Archive password - Qx12", "Qx12"),
    ("Use the password \"blue heron\" to open the document", "blue heron"),
    ("pass 1234", "1234"),
    ("Pass: abc", "abc"),
    ("PDF password: 'R3d-kite'", "R3d-kite"),
    ("Password:\n\nHeron#9\n\nRegards", "Heron#9"),
    ("Your access code is 559021", "559021"),
    ("Password = 123!", "123!"),
    ("use 77120 as the password", "77120"),
    ("To protect your data the file is encrypted. PWD: zq-19", "zq-19"),
    ("Passcode → 4410", "4410"),
    ("The document password is **W1nter**, do not share it", "W1nter"),
    ("password (8841) opens it", "8841"),
    ("pw=8841", "8841"),
    // German
    ("Passwort: Rechnung24", "Rechnung24"),
    ("Das Passwort lautet Falke12", "Falke12"),
    ("Das Kennwort für die Datei ist „Falke 12“.", "Falke 12"),
    ("Sie öffnen die Datei mit dem Passwort 9917.", "9917"),
    ("PDF-Passwort 3321", "3321"),
    ("Zugangscode: 88-41", "88-41"),
    // Portuguese
    ("Senha do PDF: 123", "123"),
    ("A senha é 4471", "4471"),
    ("Senha para abrir o arquivo: nota2024", "nota2024"),
    ("Palavra-passe: falcao7", "falcao7"),
    // Spanish
    ("Contraseña: 2024", "2024"),
    ("La contraseña del archivo es gavilan33", "gavilan33"),
    ("Clave: 8841", "8841"),
    ("La clave para abrir el documento es: 0091", "0091"),
    // French
    ("Mot de passe : facture", "facture"),
    ("Le mot de passe est « milan22 »", "milan22"),
    ("mdp: 8841", "8841"),
    // Italian
    ("La password è nibbio9", "nibbio9"),
    ("Password per aprire il file: 8841", "8841"),
    // Dutch
    ("Wachtwoord: valk88", "valk88"),
    ("Het wachtwoord is valk88", "valk88"),
    // Polish
    ("Hasło: 8841", "8841"),
    ("Hasło do pliku to sokol12", "sokol12"),
    ("hasłem 5512 otworzysz plik", "5512"),
    // Czech, Slovak
    ("Heslo je sokol12", "sokol12"),
    ("Heslo k souboru: 8841", "8841"),
    // Russian, Ukrainian, Bulgarian
    ("пароль 11", "11"),
    ("ПАРОЛЬ: 11", "11"),
    ("Пароль от архива: sokol", "sokol"),
    ("Пароль до файлу - 7781", "7781"),
    ("Паролата е 7781", "7781"),
    // Romanian, Turkish
    ("Parola este 8841", "8841"),
    ("Şifre: 8841", "8841"),
    ("Dosya şifresi: kerkenez5", "kerkenez5"),
    ("Parola: 8841", "8841"),
    // Hungarian, Greek
    ("A jelszó: solyom4", "solyom4"),
    ("Ο κωδικός είναι 8841", "8841"),
    // Swedish, Danish, Norwegian, Finnish
    ("Lösenord: 8841", "8841"),
    ("Lösenordet är falk9", "falk9"),
    ("Adgangskoden er 8841", "8841"),
    ("Passordet er 8841", "8841"),
    ("Salasana on haukka3", "haukka3"),
    // Chinese, Japanese, Korean
    ("密码：8841", "8841"),
    ("解压密码是abc123", "abc123"),
    ("附件密碼為 8841", "8841"),
    ("パスワードは8841です", "8841"),
    ("パスワード：Taka-12", "Taka-12"),
    ("ファイルのパスワードは「taka」です。", "taka"),
    ("비밀번호: 8841", "8841"),
    ("비밀번호는 mae12 입니다", "mae12"),
    // Vietnamese, Thai, Indonesian, Arabic, Hebrew, Hindi
    ("Mật khẩu là 8841", "8841"),
    ("รหัสผ่านคือ 8841", "8841"),
    ("Kata sandi: elang7", "elang7"),
    ("كلمة المرور: 8841", "8841"),
    ("كلمة السر هي saqr7", "saqr7"),
    ("הסיסמה היא 8841", "8841"),
    ("पासवर्ड: 8841", "8841"),
];

#[test]
fn more_sentences_give_the_password_away() {
    let missed: Vec<_> = MORE
        .iter()
        .filter(|(text, wanted)| !first(text).contains(&(*wanted).to_owned()))
        .map(|(text, _)| (text, first(text)))
        .collect();
    assert!(missed.is_empty(), "{missed:#?}");
}
