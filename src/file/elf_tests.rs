//! Facts about ELF files made here byte by byte.

use super::*;

fn put(file: &mut Vec<u8>, big: bool, width: usize, numbers: &[u64]) {
    for number in numbers {
        let bytes = number.to_be_bytes();
        let tail = &bytes[8 - width..];
        if big {
            file.extend(tail);
        } else {
            file.extend(tail.iter().rev());
        }
    }
}

/// An executable with sections `.text`, `.bss` and `.shstrtab`.
fn tiny(wide: bool, big: bool) -> Vec<u8> {
    let (word, header, section) = if wide { (8, 64, 64) } else { (4, 52, 40) };
    let names = b"\0.text\0.bss\0.shstrtab\0";
    let text = b"\x90\x90\xc3\x00";
    let table = header + text.len() + names.len();
    let mut file = b"\x7fELF".to_vec();
    file.extend([if wide { 2 } else { 1 }, if big { 2 } else { 1 }, 1, 3]);
    file.extend([0; 8]);
    put(&mut file, big, 2, &[2, if wide { 62 } else { 8 }]);
    put(&mut file, big, 4, &[1]);
    put(&mut file, big, word, &[0x40_0040, 0, table as u64]);
    put(&mut file, big, 4, &[0]);
    put(&mut file, big, 2, &[header as u64, 0, 0, section, 4, 3]);
    assert_eq!(file.len(), header);
    file.extend(text);
    file.extend(names);
    let (text_at, names_at) = (header as u64, (header + text.len()) as u64);
    let rows = [
        [0; 5],
        [1, 1, 6, text_at, 4],
        [7, 8, 3, names_at, 0xffff_0000],
        [12, 3, 0, names_at, names.len() as u64],
    ];
    for [name, kind, flags, offset, size] in rows {
        put(&mut file, big, 4, &[name, kind]);
        put(&mut file, big, word, &[flags, 0, offset, size]);
        put(&mut file, big, 4, &[0, 0]);
        put(&mut file, big, word, &[0, 0]);
    }
    file
}

fn own(fields: &[(&'static str, &str)]) -> Fields {
    fields
        .iter()
        .map(|(relation, value)| (*relation, (*value).to_owned()))
        .collect()
}

#[test]
fn both_widths_and_both_orders_are_read() {
    for (wide, big, arch) in [
        (true, false, "x86_64"),
        (false, false, "MIPS"),
        (false, true, "MIPS"),
        (true, true, "x86_64"),
    ] {
        let read = read(&tiny(wide, big)).unwrap();
        let expected = own(&[
            ("type", "EXECUTABLE"),
            ("entrypoint-address", "4194368"),
            ("arch", arch),
            ("os_abi", "GNU"),
            ("number-sections", "3"),
        ]);
        assert_eq!(read.fields, expected);
        let expected = own(&[
            ("name", ".text"),
            ("type", "PROGBITS"),
            ("flag", "ALLOC"),
            ("flag", "EXECINSTR"),
            ("size-in-bytes", "4"),
            ("entropy", "1.5"),
        ]);
        assert_eq!(read.sections[0].fields[..6], expected);
    }
}

#[test]
fn a_section_that_takes_no_room_in_the_file_has_no_hashes() {
    let bss = &read(&tiny(true, false)).unwrap().sections[1];
    assert!(!bss.telling);
    assert_eq!(bss.fields.last().unwrap().0, "size-in-bytes");
}

#[test]
fn no_change_of_a_byte_and_no_cut_breaks_the_reader() {
    for (wide, big) in [(true, false), (false, true)] {
        let file = tiny(wide, big);
        for at in 0..file.len() {
            read(&file[..at]);
            for value in [0, 1, 0x7f, 0x80, 0xff] {
                let mut file = file.clone();
                file[at] = value;
                read(&file);
            }
        }
    }
}
