//! Windows code pages by number, as rich text, TNEF and Outlook's properties name them.

/// The code page of a font's `\fcharset`; `None` where that of the document holds.
pub fn of_font(charset: i32) -> Option<i32> {
    Some(match charset {
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    })
}

/// The charset that a Windows code page is.
pub fn charset(number: i32) -> String {
    match number {
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        65001 => "utf-8".to_owned(),
        1200 => "utf-16le".to_owned(),
        20866 => "koi8-r".to_owned(),
        28591..=28606 => format!("iso-8859-{}", number - 28590),
        50220..=50222 => "iso-2022-jp".to_owned(),
        51932 => "euc-jp".to_owned(),
        other => format!("windows-{other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::charset::decode;

    #[test]
    fn the_charset_of_every_font_reads_its_own_alphabet() {
        for (font, bytes, text) in [
            (128, &b"\x83\x65"[..], "テ"),
            (129, b"\xb0\xa1", "가"),
            (134, b"\xd6\xd0", "中"),
            (136, b"\xa4\xa4", "中"),
            (161, b"\xe1", "α"),
            (177, b"\xe0", "א"),
            (178, b"\xc7", "ا"),
            (204, b"\xc7", "З"),
            (222, b"\xa1", "ก"),
            (238, b"\xb3", "ł"),
        ] {
            let page = of_font(font).unwrap();
            assert_eq!(decode(bytes.to_vec(), Some(&charset(page))), text, "{font}");
        }
        assert_eq!(of_font(0), None);
    }

    #[test]
    fn pages_that_are_no_windows_charset_have_their_own_names() {
        for (page, name) in [
            (28605, "iso-8859-15"),
            (65001, "utf-8"),
            (1252, "windows-1252"),
            (-1, "windows--1"),
        ] {
            assert_eq!(charset(page), name);
        }
    }
}
