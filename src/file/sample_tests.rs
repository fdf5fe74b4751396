use super::*;
use std::io::{Cursor, Read};

const MD5: &str = "900150983cd24fb0d6963f7d28e17f72";

fn member(archive: &[u8], index: usize) -> (String, Vec<u8>) {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut file = archive.by_index_decrypt(index, PASSWORD).unwrap();
    let mut content = Vec::new();
    file.read_to_end(&mut content).unwrap();
    (file.name().unwrap().to_string(), content)
}

#[test]
fn the_first_member_is_the_file_and_the_second_its_name() {
    let archive = zip(b"abc", MD5, "Größe.exe").unwrap();
    assert_eq!(member(&archive, 0), (MD5.to_owned(), b"abc".to_vec()));
    assert_eq!(
        member(&archive, 1),
        (format!("{MD5}.filename.txt"), "Größe.exe".as_bytes().to_vec())
    );
}

#[test]
fn files_of_any_size_come_out_as_they_went_in() {
    for size in [0, 1, 4095, 70_000, 300_001] {
        let content: Vec<u8> = (0..size)
            .map(|index: u32| index.wrapping_mul(2_654_435_761).to_be_bytes()[1])
            .collect();
        let archive = zip_plain_name(&content, "a mail.eml").unwrap();
        assert_eq!(member(&archive, 0), ("a mail.eml".to_owned(), content));
    }
}

#[test]
fn the_same_file_gives_the_same_zip() {
    assert_eq!(zip(b"abc", MD5, "a").unwrap(), zip(b"abc", MD5, "a").unwrap());
}

#[test]
fn nothing_of_the_content_stands_in_clear() {
    let marker = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE";
    let archive = zip(marker, MD5, "eicar.com").unwrap();
    assert!(memchr::memmem::find(&archive, b"STANDARD").is_none());
    assert!(memchr::memmem::find(&archive, b"eicar").is_none());
}

#[test]
fn a_name_that_does_not_fit_is_said_not_cut() {
    assert_eq!(
        zip_plain_name(b"", &"n".repeat(70_000)),
        Err(SampleError::NameTooLong(70_000))
    );
}
