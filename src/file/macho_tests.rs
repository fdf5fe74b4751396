use super::*;

fn words(file: &mut Vec<u8>, words: &[u32]) {
    file.extend(words.iter().flat_map(|word| word.to_le_bytes()));
}

/// An `x86_64` executable with one section of code and an `LC_MAIN`.
fn tiny() -> Vec<u8> {
    let mut file = Vec::new();
    words(&mut file, &[0xfeed_facf, 0x0100_0007, 3, 2, 2, 152 + 24, 0, 0]);
    words(&mut file, &[SEGMENT_64, 152]);
    file.extend(b"__TEXT\0\0\0\0\0\0\0\0\0\0");
    words(&mut file, &[0, 1, 0x1000, 0, 0, 0, 0x1000, 0, 7, 5, 1, 0]); // vmaddr 0x1_0000_0000
    file.extend(b"__text\0\0\0\0\0\0\0\0\0\0__TEXT\0\0\0\0\0\0\0\0\0\0");
    words(&mut file, &[0xd0, 1, 4, 0, 208, 0, 0, 0, 0, 0, 0, 0]);
    words(&mut file, &[MAIN, 24, 0xd0, 0, 0, 0]);
    assert_eq!(file.len(), 208);
    file.extend(b"\x31\xc0\xc3\x90");
    file
}

#[test]
fn a_tiny_executable_is_read_field_by_field() {
    let read = read(&tiny()).unwrap();
    let expected = [
        ("type", "EXECUTE"),
        ("entrypoint-address", "4294967504"),
        ("number-sections", "1"),
    ];
    assert_eq!(
        read.fields,
        expected.map(|(relation, value)| (relation, value.to_owned()))
    );
    assert_eq!(
        read.sections[0].fields[..3],
        [
            ("name", "__text".to_owned()),
            ("size-in-bytes", "4".to_owned()),
            ("entropy", "2".to_owned())
        ]
    );
}

#[test]
fn of_a_universal_file_the_first_is_read() {
    let inner = tiny();
    let mut file = Vec::new();
    for word in [
        0xcafe_babe_u32,
        1,
        0x0100_0007,
        3,
        32,
        u32::try_from(inner.len()).unwrap(),
        0,
        0,
    ] {
        file.extend(word.to_be_bytes());
    }
    file.extend(&inner);
    assert_eq!(read(&file), read(&inner));
}

#[test]
fn a_java_class_is_no_executable() {
    assert_eq!(
        read(b"\xca\xfe\xba\xbe\0\0\0\x34\0\x1d\x0a\0\x06\0\x0f\x09\0\x10\0\x11\x08\0\x12\x0a\0"),
        None
    );
}

#[test]
fn no_change_of_a_byte_and_no_cut_breaks_the_reader() {
    let file = tiny();
    for at in 0..file.len() {
        read(&file[..at]);
        for value in [0, 1, 0x7f, 0x80, 0xff] {
            let mut file = file.clone();
            file[at] = value;
            read(&file);
        }
    }
}
