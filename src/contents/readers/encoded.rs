//! Microsoft's encoded scripts (`.jse`, `.vbe`, `<script language="VBScript.Encode">`): each character is replaced by one of three
//! alphabets, in an order that repeats after 64 characters.

const BEGIN: &str = "#@~^";
const END: &str = "^#~@";
/// Characters between [`BEGIN`] and the text: its length. Its checksum is as long, and stands before [`END`].
const NUMBER: usize = 8;

/// For the tab, and for all characters from the blank on. Those at `<`, `>` and `@` do not occur.
const TAB: [u8; 3] = *b"Wn{";
const ALPHABETS: [&[u8; 96]; 3] = [
    b".GzVBj/&IA42[vrC89pEhqO\tbD#uJ~J^@wJa]\"KoN;LPg*}tT+-,0nkf5%!dMRc?{x)(sY3\x7fmUS|:_eFX1ilZH'\\=$y7`Q 6",
    b"-uR`q^I\\b})6 |z\x7fkc3+hQfv1dTCL:L~LE,*t'7DyY/o&rj9{?8wgSG4x]0#Z[lHUpi.L!$NP\tVs5aKX;W\"mM%(FJ2A=_OBe",
    b"20!)[83=X:5e9\\VsfNEkbYx^}JmqA`AS@B'Hru17MR\"TjGd- \x7f.L]~loytC&v%$+(#A4\t*D?w;UiacPgQIOFh|6pnz/_KZ,W",
];
/// Which alphabet comes when.
const ORDER: &[u8; 64] = b"0120121221210212021200122102122100212120200120210212001220012021";

/// The source with all encoded stretches in clear; `None` if there are none.
pub fn decoded(source: &str) -> Option<String> {
    let mut clear = String::new();
    let mut rest = source;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        // Without an end it goes until the end of the file.
        let (stretch, behind) = after.split_once(END).unwrap_or((after, ""));
        clear.push_str(before);
        let text = stretch.get(NUMBER..).unwrap_or_default();
        // The checksum is no text. A stretch that was cut off has none.
        let text = match text.len().checked_sub(NUMBER) {
            Some(length) if after.len() > stretch.len() => text.get(..length).unwrap_or(text),
            _ => text,
        };
        decode(text, &mut clear);
        rest = behind;
    }
    if rest.len() == source.len() {
        return None;
    }
    clear.push_str(rest);
    Some(clear)
}

fn decode(text: &str, clear: &mut String) {
    let mut order = ORDER.iter().cycle();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if !character.is_ascii() {
            clear.push(character);
            continue;
        }
        let alphabet = usize::from(order.next().copied().unwrap_or_default() - b'0');
        let plain = match character {
            '@' => {
                let escaped = match characters.peek() {
                    Some('&') => '\n',
                    Some('#') => '\r',
                    Some('*') => '>',
                    Some('!') => '<',
                    _ => '@',
                };
                if escaped != '@' || characters.peek() == Some(&'$') {
                    characters.next();
                }
                Some(escaped)
            }
            '\t' => TAB.get(alphabet).map(|byte| char::from(*byte)),
            _ => (character as usize)
                .checked_sub(32)
                .and_then(|at| ALPHABETS.get(alphabet)?.get(at))
                .map(|byte| char::from(*byte)),
        };
        clear.push(plain.unwrap_or(character));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_stretches_become_clear_and_all_else_stays() {
        let hello = "#@~^DgAAAA==\\ko$K6,JC\x7fV^GJqAQAAA==^#~@";
        assert_eq!(decoded(hello).unwrap(), "MsgBox \"Hello\"");
        let page = format!("<script>{hello}</script> and {hello}!");
        let clear = "<script>MsgBox \"Hello\"</script> and MsgBox \"Hello\"!";
        assert_eq!(decoded(&page).unwrap(), clear);
        assert_eq!(decoded("#@~^DgAAAA==\\ko$K6,").unwrap(), "MsgBox ");
        assert_eq!(decoded("plain"), None);
        for short in ["#@~^", "#@~^^#~@", "#@~^D==^#~@", "#@~^\u{e4}\u{e4}\u{e4}==^#~@"] {
            assert!(decoded(short).is_some(), "{short}");
        }
    }
}
