use super::*;

/// Made by Python's `binascii`: 42 bytes that begin like a program, with a run of zeros and the byte that marks runs.
const BINHEX: &str = r#"(This file must be converted with BinHex 4.0)

:#(4[Ef`ZCAKP!%**6N%rN!3!N!96!*!%JEG0@J#3+*!!N!!J9'KTFb"`FQpRFQ&
Y)'0KEQj[G#"LC5"bG@iJD@iJ4%p6)'e[C'A2C!!!:
"#;

fn program() -> Vec<u8> {
    let mut bytes = b"MZ".to_vec();
    bytes.extend([0; 40]);
    bytes.extend(b"\x90\x90 This program cannot be run in DOS mode");
    bytes
}

fn yenc(bytes: &[u8]) -> Vec<u8> {
    let mut out = format!("=ybegin line=128 size={} name=tool.exe\r\n", bytes.len()).into_bytes();
    for byte in bytes {
        match byte.wrapping_add(42) {
            critical @ (0 | b'\n' | b'\r' | b'=') => out.extend([b'=', critical.wrapping_add(64)]),
            coded => out.push(coded),
        }
    }
    out.extend(format!("\r\n=yend size={} crc32=00000000\r\n", bytes.len()).as_bytes());
    out
}

fn uuencode(bytes: &[u8]) -> Vec<u8> {
    let character = |value: u8| match value & 63 {
        0 => b'`',
        value => value + 32,
    };
    let mut out = b"begin 644 tool.exe\n".to_vec();
    for line in bytes.chunks(45) {
        out.push(character(u8::try_from(line.len()).unwrap()));
        for group in line.chunks(3) {
            let byte = |at: usize| group.get(at).copied().unwrap_or(0);
            let (a, b, c) = (byte(0), byte(1), byte(2));
            out.extend([a >> 2, a << 4 | b >> 4, b << 2 | c >> 6, c].map(character));
        }
        out.push(b'\n');
    }
    out.extend(b"`\nend\n");
    out
}

#[test]
fn a_file_in_each_code_is_taken_out_of_the_text() {
    for code in [uuencode(&program()), yenc(&program()), BINHEX.as_bytes().to_vec()] {
        let text = [b"before\n", code.as_slice(), b"after\n"].concat();
        let (rest, files) = take_out(&text).unwrap();
        assert_eq!(String::from_utf8(rest).unwrap(), "before\nafter\n");
        let found = Found {
            name: Some("tool.exe".to_owned()),
            bytes: program(),
        };
        assert_eq!(files, [found]);
    }
}

#[test]
fn the_form_in_base64_is_taken_out() {
    let (rest, files) = take_out(b"a\nbegin-base64 644 hi.txt\naGVs\nbG8=\n====\nb\n").unwrap();
    assert_eq!(
        (rest.as_slice(), files[0].bytes.as_slice()),
        (b"a\nb\n".as_slice(), b"hello".as_slice())
    );
    assert_eq!(take_out(b"begin-base64 644 hi.txt\nsee http://x/\n====\n"), None);
    assert_eq!(take_out(b"begin-base64 644 hi.txt\naGVs\n"), None);
}

#[test]
fn several_files_are_taken_out() {
    let text = [uuencode(b"one"), b"and\n".to_vec(), uuencode(b"two"), yenc(b"three")].concat();
    let (rest, files) = take_out(&text).unwrap();
    assert_eq!(rest, b"and\n");
    let bytes: Vec<_> = files.iter().map(|file| file.bytes.as_slice()).collect();
    assert_eq!(bytes, [b"one".as_slice(), b"two", b"three"]);
}

#[test]
fn blanks_that_were_lost_and_an_end_that_is_missing_do_no_harm() {
    let coded = uuencode(&program());
    let text = String::from_utf8(coded).unwrap().replace('`', " ");
    let trimmed: Vec<&str> = text.lines().map(str::trim_end).collect();
    let (_, files) = take_out(trimmed.join("\r\n").as_bytes()).unwrap();
    assert_eq!(files[0].bytes, program());
    let cut = uuencode(&[7; 90]);
    let (rest, files) = take_out(&[&cut[..cut.len() - 6], b"\nBest regards\n"].concat()).unwrap();
    assert_eq!(
        (rest.as_slice(), files[0].bytes.as_slice()),
        (b"Best regards\n".as_slice(), [7; 90].as_slice())
    );
}

#[test]
fn lines_may_end_with_carriage_returns_alone() {
    let text = String::from_utf8(uuencode(b"MZ tool")).unwrap().replace('\n', "\r");
    let (rest, files) = take_out(format!("see below\r{text}bye\r").as_bytes()).unwrap();
    assert_eq!((&*rest, &*files[0].bytes), (&b"see below\rbye\r"[..], &b"MZ tool"[..]));
}

#[test]
fn prose_is_no_code() {
    for text in [
        "begin 644 is how such a file starts\nand then it goes on\n",
        "begin with the first point\n#0V%T\nend\n",
        "begin 644 a\n`\nend\n",
        "=ybegin line=128 size=3 name=a\nno end\n",
        "=ybegin name=a\nx\n=yend size=1\n",
        "(This file must be converted with BinHex 4.0)\n\n:no code:\n",
        "(This file must be converted with BinHex 4.0)\n",
        "the end",
        "",
    ] {
        assert_eq!(take_out(text.as_bytes()), None, "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn any_file_comes_back(bytes: Vec<u8>) {
        proptest::prop_assume!(!bytes.is_empty());
        for code in [uuencode(&bytes), yenc(&bytes)] {
            proptest::prop_assert_eq!(&take_out(&code).unwrap().1[0].bytes, &bytes);
        }
    }

    #[test]
    fn no_text_is_too_strange(text in "(begin 644 a\n|=ybegin size=1 name=a\n|\\(This file must be converted with BinHex\n:|[!-z\n]){0,40}") {
        take_out(text.as_bytes());
    }
}
