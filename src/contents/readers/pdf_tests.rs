//! Facts about PDF files that the corpus in `tests/contents` does not hold: bounds, and what is broken.

use crate::contents::tests::read_file;
use crate::contents::{Contents, What};

fn targets(contents: &Contents) -> Vec<String> {
    let pieces = contents.files.iter().flat_map(|file| &file.pieces);
    let links = pieces.filter_map(|piece| match &piece.what {
        What::Links(links) => Some(links.iter().map(|link| format!("{} {}", piece.place, link.target))),
        _ => None,
    });
    links.flatten().collect()
}

fn page(annotation: &str, more: &str) -> Vec<u8> {
    format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj \
         3 0 obj<</Type/Page/Annots[4 0 R]>>endobj 4 0 obj{annotation}endobj {more} trailer<</Root 1 0 R>>"
    )
    .into_bytes()
}

#[test]
fn a_link_is_told_with_its_page() {
    let annotation = "<</Subtype/Link/A<</S/URI/URI(https://wgetcdn-files.com/a)>>>>";
    let contents = read_file("a.pdf", &page(annotation, ""));
    assert_eq!(targets(&contents), ["page 1 https://wgetcdn-files.com/a"]);
}

#[test]
fn what_refers_to_itself_ends() {
    let annotation = "<</Subtype/Link/A 5 0 R>>";
    let more = "5 0 obj<</S/URI/URI(https://wgetcdn-files.com/a)/Next 5 0 R>>endobj 6 0 obj 6 0 R endobj";
    assert_eq!(targets(&read_file("a.pdf", &page(annotation, more))).len(), 1);
    let circle = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Kids[2 0 R 2 0 R]>>endobj trailer<</Root 1 0 R>>";
    assert!(read_file("a.pdf", circle.as_bytes()).notes.is_empty());
}

#[test]
fn nothing_is_read_deeper_than_the_bounds() {
    for (open, close) in [("[", "]"), ("<</A", ">>"), ("(", ")"), ("<</A[", "]>>")] {
        let deep = format!("{}{}", open.repeat(200_000), close.repeat(200_000));
        read_file("a.pdf", &page(&deep, ""));
        read_file("a.pdf", &page(&open.repeat(200_000), ""));
    }
}

#[test]
fn streams_that_unpack_to_much_stop_at_the_limit() {
    let mut zeros = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut zeros, &vec![b' '; 200 << 20]).unwrap();
    let packed = zeros.finish().unwrap();
    let mut file = page("<</Type/Page>>", "");
    for number in 10..30 {
        file.extend(format!("{number} 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode>>stream\n").bytes());
        file.extend(&packed);
        file.extend(b"\nendstream endobj\n");
    }
    let contents = read_file("a.pdf", &file);
    assert_eq!(contents.notes.len(), 1);
    assert!(
        contents.notes[0].to_string().contains("contents."),
        "{}",
        contents.notes[0]
    );
}

#[test]
fn offsets_that_overlap_are_read_within_a_bound() {
    let object = format!("[{}]", "1 ".repeat(20_000));
    let heads = (100..5000).map(|number| format!("{number} 0 ")).collect::<String>();
    let stream = format!(
        "9 0 obj<</Type/ObjStm/N 4900/First {}>>stream\n{heads}{object}\nendstream endobj",
        heads.len()
    );
    let contents = read_file("a.pdf", &page("<<>>", &stream));
    assert!(contents.notes.is_empty());
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_are_read(start in 0..7_usize, rest: Vec<u8>) {
        let starts: [&[u8]; 7] = [
            b"1 0 obj<<", b"1 0 obj[", b"1 0 obj<</Length 9/Filter/LZWDecode/Type/ObjStm/N 9/First 1>>stream\n",
            b"1 0 obj<</Filter[/A85/AHx/RL/Fl]/DecodeParms<</Predictor 12/Columns 3>>/Type/ObjStm/N 3/First 0>>stream\n",
            b"1 0 obj<</Subtype/Image/Width 20/Height 20/BitsPerComponent 1>>stream\n", b"trailer<</Encrypt<</Filter/Standard/V 5/R 6",
            b"1 0 obj<</Type/Page/Contents 1 0 R>>stream\nBT (a) Tj 1 0 0 1 ",
        ];
        read_file("a.pdf", &[b"%PDF-1.7\n", starts[start], &rest].concat());
    }
}
