//! Facts about images of disks. What is found in whole ones is tested over `tests/contents/discs`.

use std::io::Read;

use crate::contents::tests::read_file;

fn image(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/contents/discs/{name}.gz", env!("CARGO_MANIFEST_DIR"));
    let mut bytes = Vec::new();
    let packed = std::fs::File::open(path).unwrap();
    flate2::read::GzDecoder::new(packed).read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
fn an_image_with_any_changed_bytes_ends() {
    // Only where tables and entries lie: what files hold changes nothing here.
    let places = [
        ("fat12.ima", 0..8192),
        ("mbr.img", 0..40_960),
        ("ntfs.img", 0..60_000),
        ("only-udf.iso", 524_288..560_000),
        ("fat32.vhd", 0..3072),
    ];
    let mut state = 88_172_645_463_325_252_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 16).unwrap() % below
    };
    for (name, place) in places {
        let whole = image(name);
        for _ in 0..60 {
            let mut bytes = whole.clone();
            for _ in 0..=random(12) {
                let at = place.start + random(place.len());
                let value = [0, 1, 2, 0x7f, 0x80, 0xff].get(random(6)).copied().unwrap();
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = value;
                }
            }
            read_file(name, &bytes);
        }
    }
}

#[test]
fn a_folder_that_holds_itself_and_a_chain_in_a_circle_end() {
    let mut bytes = image("fat12.ima");
    // All entries of the first table lead to cluster 2, which is the folder.
    let table = 512;
    for at in (table..table + 512).step_by(3) {
        if let Some(entries) = bytes.get_mut(at..at + 3) {
            entries.copy_from_slice(&[0x02, 0x20, 0x00]);
        }
    }
    read_file("circle.img", &bytes);
}

#[test]
fn what_is_not_read_is_named() {
    let mut disk = vec![0; 1 << 16];
    disk.get_mut(..11).unwrap().copy_from_slice(b"\xeb\x76\x90EXFAT   ");
    disk.get_mut(510..512).unwrap().copy_from_slice(&[0x55, 0xaa]);
    let mut table = vec![0; 512];
    table
        .get_mut(446..462)
        .unwrap()
        .copy_from_slice(&[0, 0, 0, 0, 7, 0, 0, 0, 1, 0, 0, 0, 0x80, 0, 0, 0]);
    table.get_mut(510..512).unwrap().copy_from_slice(&[0x55, 0xaa]);
    let told = read_file("disk.img", &[table, disk].concat()).notes;
    assert!(
        told.iter().any(|note| note.to_string().contains("exFAT volume")),
        "{told:?}"
    );
}
