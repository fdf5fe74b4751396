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
    let heads = (100..5000)
        .map(|number| format!("{number} 0 "))
        .collect::<Vec<_>>()
        .concat();
    let stream = format!(
        "9 0 obj<</Type/ObjStm/N 4900/First {}>>stream\n{heads}{object}\nendstream endobj",
        heads.len()
    );
    let contents = read_file("a.pdf", &page("<<>>", &stream));
    assert!(contents.notes.is_empty());
}

/// What would be quadratic takes many minutes; the bound leaves room for a machine that does other things too.
fn bounded(file: &[u8]) -> Contents {
    let start = std::time::Instant::now();
    let contents = read_file("a.pdf", file);
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
    contents
}

#[test]
fn trailers_that_are_never_closed_are_read_once() {
    bounded(&page("<<>>", &"trailer<<".repeat(100_000)));
}

#[test]
fn lists_and_texts_that_many_objects_share_do_not_multiply() {
    let kids = "10 0 R ".repeat(30_000);
    let nodes = (20..30_000)
        .map(|number| format!("{number} 0 obj<</Type/Pages/Kids 9 0 R>>endobj "))
        .collect::<Vec<_>>()
        .concat();
    let all = (20..30_000)
        .map(|number| format!("{number} 0 R "))
        .collect::<Vec<_>>()
        .concat();
    let more = format!("9 0 obj[{kids}]endobj 2 0 obj<</Kids[{all}]>>endobj {nodes}");
    bounded(&page("<<>>", &more));
    let pages = (20..30_000)
        .map(|number| format!("{number} 0 obj<</Type/Page/Annots 9 0 R>>endobj "))
        .collect::<Vec<_>>()
        .concat();
    bounded(&page("<<>>", &format!("9 0 obj[{kids}]endobj {pages}")));
    let remarks = (20..30_000)
        .map(|number| format!("{number} 0 obj<</Type/Annot/Contents 9 0 R>>endobj "))
        .collect::<Vec<_>>()
        .concat();
    let contents = bounded(&page(
        "<<>>",
        &format!("9 0 obj({})endobj {remarks}", "long ".repeat(200_000)),
    ));
    assert_eq!(contents.notes.len(), 1);
    let streams = format!(
        "9 0 obj<</Length 1>>stream\n{}\nendstream endobj 3 0 obj<</Type/Page/Contents[{}]>>endobj",
        "BT ".repeat(300_000),
        "9 0 R ".repeat(30_000)
    );
    assert_eq!(bounded(&page("<<>>", &streams)).notes.len(), 1);
}

#[test]
fn a_range_of_codes_is_kept_as_a_range() {
    let ranges = "<0000> <ffff> <0041>\n".repeat(1000);
    let fonts = (20..320)
        .map(|number| format!("{number} 0 obj<</Type/Font/Subtype/Type0/ToUnicode 9 0 R>>endobj "))
        .collect::<Vec<_>>()
        .concat();
    let names = (20..320)
        .map(|number| format!("/F{number} {number} 0 R"))
        .collect::<Vec<_>>()
        .concat();
    let chosen = (20..320)
        .map(|number| format!("/F{number} 9 Tf <0001> Tj "))
        .collect::<Vec<_>>()
        .concat();
    let more = format!(
        "3 0 obj<</Type/Page/Contents 8 0 R/Resources<</Font<<{names}>>>>>>endobj {fonts} \
         8 0 obj<</Length 1>>stream\nBT {chosen}\nendstream endobj \
         9 0 obj<</Length 1>>stream\n1 beginbfrange {ranges} endbfrange\nendstream endobj"
    );
    let contents = bounded(&page("<<>>", &more));
    let is_text = |what: &What| matches!(what, What::Text { text, .. } if text.starts_with("BBB"));
    assert!(contents.files[0].pieces.iter().any(|piece| is_text(&piece.what)));
}

#[test]
fn items_beyond_the_limit_are_read_over() {
    let source = format!("[{}] /after", "1 ".repeat(2_000_100));
    let mut parser = super::syntax::Parser::new(source.as_bytes(), 0);
    let list = parser.object().unwrap();
    assert_eq!(list.as_array().map(<[_]>::len), Some(2_000_000));
    assert_eq!(parser.object().unwrap().as_name(), Some(&b"after"[..]));
}

fn texts(content: &str, fonts: &str) -> Vec<String> {
    let more = format!(
        "3 0 obj<</Type/Page/Contents 8 0 R/Resources<</Font<<{fonts}>>>>>>endobj \
         8 0 obj<</Length 1>>stream\n{content}\nendstream endobj"
    );
    let contents = read_file("a.pdf", &page("<<>>", &more));
    let pieces = contents.files.iter().flat_map(|file| &file.pieces);
    let texts = pieces.filter_map(|piece| match &piece.what {
        What::Text { text, .. } => Some(text.clone()),
        _ => None,
    });
    texts.collect()
}

#[test]
fn letters_that_a_matrix_makes_larger_stay_one_word() {
    let scaled = "BT /F 1 Tf 12 0 0 12 72 700 Tm (wgetcdn-) Tj 4 0 Td (files.com) Tj ET";
    assert_eq!(texts(scaled, ""), ["wgetcdn-files.com"]);
    let lines = "q 1 0 0 1 72 700 cm BT /F 10 Tf (one) Tj ET Q q 1 0 0 1 72 680 cm BT /F 10 Tf (two) Tj ET Q";
    assert_eq!(texts(lines, ""), ["one\ntwo"]);
}

#[test]
fn the_later_of_two_objects_counts_wherever_it_stands() {
    let old = "3 0 <</Type/Page/Contents 7 0 R>>";
    let more = format!(
        "9 0 obj<</Type/ObjStm/N 1/First 4>>stream\n{old}\nendstream endobj \
         3 0 obj<</Type/Page/Contents 8 0 R>>endobj 8 0 obj<<>>stream\nBT (new) Tj ET\nendstream endobj"
    );
    let contents = read_file("a.pdf", &page("<<>>", &more));
    let is_new = |what: &What| matches!(what, What::Text { text, .. } if text == "new");
    assert!(contents.files[0].pieces.iter().any(|piece| is_new(&piece.what)));
}

#[test]
fn a_file_is_found_where_its_specification_stands_in_a_note() {
    let note = "<</Subtype/FileAttachment/FS<</F(liste.txt)/EF<</F 9 0 R>>>>>>";
    let contents = read_file(
        "a.pdf",
        &page(note, "9 0 obj<</Length 5>>stream\nhello\nendstream endobj"),
    );
    assert_eq!(&*contents.files[1].path, "a.pdf > liste.txt");
}

#[test]
fn what_opens_by_itself_is_told_so_and_once() {
    let more = "5 0 obj<</S 6 0 R/URI(https://wgetcdn-files.com/a)>>endobj 6 0 obj/URI endobj \
                1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction 5 0 R>>endobj";
    let contents = read_file("a.pdf", &page("<<>>", more));
    let pieces = contents.files.iter().flat_map(|file| &file.pieces);
    let kinds: Vec<_> = pieces
        .filter_map(|piece| match &piece.what {
            What::Links(links) => Some(links.iter().map(|link| link.kind)),
            _ => None,
        })
        .flatten()
        .collect();
    assert_eq!(kinds, [crate::mail::LinkKind::Refresh]);
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

#[test]
fn a_blank_picture_hides_no_link_behind_it() {
    let mut white = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut white, &vec![255; 2480 * 3508]).unwrap();
    let packed = white.finish().unwrap();
    let head = format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>endobj \
         3 0 obj<</Type/Page/Contents 5 0 R/Resources<</XObject<</I 6 0 R>>>>>>endobj 4 0 obj<</Type/Page/Contents 7 0 R>>endobj \
         5 0 obj<</Length 5>>stream\n/I Do\nendstream endobj 7 0 obj<</Length 60>>stream\n\
         BT (https://wgetcdn-files.com/a) Tj ET\nendstream endobj \
         6 0 obj<</Subtype/Image/Width 2480/Height 3508/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/FlateDecode/Length {}>>stream\n",
        packed.len()
    );
    let file = [head.as_bytes(), &packed, b"\nendstream endobj trailer<</Root 1 0 R>>"].concat();
    let contents = read_file("a.pdf", &file);
    let pieces = contents.files.iter().flat_map(|file| &file.pieces);
    let says = |what: &What| matches!(what, What::Text { text, .. } if text.contains("https://wgetcdn-files.com/a"));
    assert!(pieces.clone().any(|piece| says(&piece.what)), "{:?}", contents.notes);
    assert_eq!(
        contents.files.len(),
        2,
        "the picture is looked at: {:?}",
        contents.notes
    );
}

#[test]
fn addresses_in_utf_8_keep_their_letters() {
    let annotation = "<</Subtype/Link/A<</S/URI/URI(https://wgetcdn-files.com/b\u{fc}cher)>>>>";
    assert_eq!(
        targets(&read_file("a.pdf", &page(annotation, ""))),
        ["page 1 https://wgetcdn-files.com/b\u{fc}cher"]
    );
}

#[test]
fn a_simple_font_has_codes_of_one_byte_whatever_its_list_says() {
    let list =
        "begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfchar <41> <0042> endbfchar endcmap";
    let more = format!(
        "5 0 obj<</Subtype/TrueType/ToUnicode 6 0 R>>endobj 6 0 obj<</Length {}>>stream\n{list}\nendstream endobj \
         7 0 obj<</Length 40>>stream\nBT /F 9 Tf (https://wgetcdn-files.com/Aa) Tj ET\nendstream endobj \
         8 0 obj<</Type/Page/Contents 7 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj",
        list.len()
    );
    let contents = read_file("a.pdf", &page("<</Type/Page>>", &more));
    let pieces = contents.files.iter().flat_map(|file| &file.pieces);
    let texts: Vec<&str> = pieces
        .filter_map(|piece| match &piece.what {
            What::Text { text, .. } => Some(text.trim()),
            _ => None,
        })
        .collect();
    assert_eq!(texts, ["https://wgetcdn-files.com/Ba"]);
}
