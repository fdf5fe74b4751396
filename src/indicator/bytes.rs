//! What each byte and character can be part of. The families ask here, so that all agree on where a word ends.

/// ASCII letter or digit.
pub const ALNUM: u8 = 1;
/// `0-9`
pub const DIGIT: u8 = 2;
/// `a-f`, `A-F`
pub const HEX: u8 = 4;
/// First byte or continuation of a character beyond ASCII.
pub const HIGH: u8 = 8;
/// Directly after a word, this byte may make it part of something longer.
pub const JOIN: u8 = 16;
/// `-` and `_`, which stand inside names.
pub const DASH: u8 = 32;
/// In the path, query or fragment of a URL, this byte means nothing but itself.
pub const PLAIN: u8 = 64;

static TABLE: [u8; 256] = table();

#[allow(clippy::indexing_slicing)] // Evaluated by the compiler: an index out of bounds would not build.
const fn table() -> [u8; 256] {
    let mut table = [0; 256];
    let mut i = 0_usize;
    while i < 256 {
        #[allow(clippy::cast_possible_truncation)]
        let byte = i as u8;
        table[i] = match byte {
            b'0'..=b'9' => ALNUM | DIGIT | PLAIN,
            b'a'..=b'f' | b'A'..=b'F' => ALNUM | HEX | PLAIN,
            b'g'..=b'z' | b'G'..=b'Z' => ALNUM | PLAIN,
            b'-' | b'_' => DASH | JOIN | PLAIN,
            b'.' | b':' | b'@' | b'*' => JOIN | PLAIN,
            b'/' | b'?' | b'#' | b'=' | b'%' | b'+' | b'~' | b'!' | b'$' => PLAIN,
            b'[' | b'(' | b'{' | b'\\' => JOIN,
            0x80..=0xff => HIGH | JOIN,
            _ => 0,
        };
        i += 1;
    }
    table
}

/// The class bits of a byte.
pub fn class(byte: u8) -> u8 {
    TABLE.get(usize::from(byte)).copied().unwrap_or(0)
}

/// The byte at `i`, NUL past the end: NUL is part of nothing.
pub fn at(bytes: &[u8], i: usize) -> u8 {
    bytes.get(i).copied().unwrap_or(0)
}

/// The byte before `i`, NUL at the start.
pub fn before(bytes: &[u8], i: usize) -> u8 {
    i.checked_sub(1).map_or(0, |i| at(bytes, i))
}

/// Whether an ASCII letter or digit stands at `i`.
pub fn is_alnum(bytes: &[u8], i: usize) -> bool {
    class(at(bytes, i)) & ALNUM != 0
}

/// End of the run of bytes from `i` that have one of the class bits.
pub fn run(bytes: &[u8], mut i: usize, bits: u8) -> usize {
    while class(at(bytes, i)) & bits != 0 {
        i += 1;
    }
    i
}

/// Start of the run of letters and digits that ends at `end`, at most `most` of them.
pub fn run_back(bytes: &[u8], end: usize, most: usize) -> usize {
    let mut start = end;
    while end - start < most && class(before(bytes, start)) & ALNUM != 0 {
        start -= 1;
    }
    start
}

/// Past at most `most` blanks from `i`.
pub fn skip_blanks(bytes: &[u8], i: usize, most: usize) -> usize {
    let mut end = i;
    while end - i < most && matches!(at(bytes, end), b' ' | b'\t') {
        end += 1;
    }
    end
}

/// Whether `word` (lower-case ASCII) stands at `i`, in any case.
pub fn starts_with(bytes: &[u8], i: usize, word: &[u8]) -> bool {
    bytes
        .get(i..i + word.len())
        .is_some_and(|found| found.eq_ignore_ascii_case(word))
}

/// Words to look for in a short text: lower-case ASCII, of three letters at least.
pub struct Words<const N: usize> {
    words: [&'static [u8]; N],
    /// Sets of their first, second and third letters: nearly all places are done with there.
    letters: [u32; 3],
}

impl<const N: usize> Words<N> {
    /// For a constant.
    #[allow(clippy::indexing_slicing)] // Evaluated by the compiler: a word that is too short would not build.
    pub const fn new(words: [&'static [u8]; N]) -> Self {
        let mut letters = [0; 3];
        let mut i = 0;
        while i < N {
            let mut place = 0;
            while place < 3 {
                letters[place] |= letter_bit(words[i][place]);
                place += 1;
            }
            i += 1;
        }
        Self { words, letters }
    }

    /// Whether one of them stands in `hay`, in any case.
    pub fn are_in(&self, hay: &[u8]) -> bool {
        let [first, second, third] = self.letters;
        let may_begin = |start: &[u8]| matches!(*start, [a, b, c] if first & letter_bit(a) != 0 && second & letter_bit(b) != 0 && third & letter_bit(c) != 0);
        let mut places = hay.windows(3).enumerate().filter(|(_, start)| may_begin(start));
        places.any(|(i, _)| self.words.iter().any(|word| starts_with(hay, i, word)))
    }
}

/// Letters in both cases have the same one; other characters share theirs.
const fn letter_bit(byte: u8) -> u32 {
    1 << (byte & 31)
}

/// The rest of the line before `i`, at most `most` bytes of it.
pub fn line_before(bytes: &[u8], i: usize, most: usize) -> &[u8] {
    let window = bytes.get(i.saturating_sub(most)..i).unwrap_or_default();
    memchr::memrchr(b'\n', window)
        .and_then(|nl| window.get(nl + 1..))
        .unwrap_or(window)
}

/// The character at `i`, which must be a boundary.
pub fn char_at(text: &str, i: usize) -> Option<char> {
    text.get(i..)?.chars().next()
}

/// Characters that show nothing (put into names to hide them from scanners), or that only choose how the one before looks.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{180e}' | '\u{fe00}'..='\u{fe0f}')
}

/// Whether a character belongs to the letter before it: accents of decomposed text, vowels and tones of Indic, Thai and
/// other scripts. Those of Unicode's marks that are no letters; unassigned neighbours inside a block do no harm.
pub fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}')
        || matches!(c, '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e8}' | '\u{6ea}'..='\u{6ed}' | '\u{711}' | '\u{730}'..='\u{74a}')
        // Signs and viramas of the scripts of India and Ceylon, each in its own block.
        || matches!(c, '\u{900}'..='\u{dff}') && matches!(u32::from(c) & 0x7f, 0..=3 | 0x3a..=0x57 | 0x62 | 0x63)
        || matches!(c, '\u{dca}'..='\u{ddf}' | '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' | '\u{eb1}' | '\u{eb4}'..='\u{ebc}' | '\u{ec8}'..='\u{ece}')
        || matches!(c, '\u{f71}'..='\u{f84}' | '\u{f8d}'..='\u{fbc}' | '\u{102b}'..='\u{103e}' | '\u{1056}'..='\u{1059}' | '\u{135d}'..='\u{135f}' | '\u{17b4}'..='\u{17d3}')
        || matches!(c, '\u{18a9}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20dc}' | '\u{20e5}'..='\u{20f0}' | '\u{302a}'..='\u{302f}' | '\u{3099}' | '\u{309a}' | '\u{fe20}'..='\u{fe2f}')
}

/// Whether a character is a picture that some registries allow in names: `i❤.ws`, `📦.la`.
pub fn is_symbol(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{2767}' | '\u{2776}'..='\u{2793}' | '\u{2b50}' | '\u{1f300}'..='\u{1faff}')
}

/// The character that ends before `i`.
pub fn char_before(text: &str, i: usize) -> Option<char> {
    text.get(..i)?.chars().next_back()
}

/// Hyphens that word processors put in place of `-`. No name in the DNS has them.
pub fn is_typeset_hyphen(c: char) -> bool {
    matches!(c, '\u{2010}' | '\u{2011}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}')
}

/// Scripts that are written without blanks: a Latin name beside them stands alone.
pub fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// End of the label (letters with their marks, digits, hyphens, `_`, invisible characters) that begins at `start`.
pub fn label_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut i = start;
    let mut unspaced = None;
    loop {
        let class = class(at(bytes, i));
        if class & (ALNUM | DASH) != 0 {
            if unspaced == Some(true) {
                return i;
            }
            unspaced = Some(false);
            i += 1;
        } else if class & HIGH != 0 {
            let Some(c) = char_at(text, i) else { return i };
            if is_typeset_hyphen(c) {
                if unspaced != Some(false) || !is_alnum(bytes, i + c.len_utf8()) {
                    return i;
                }
            } else if !is_invisible(c) {
                let joins = unspaced.is_some() && is_combining(c);
                if !joins && (!c.is_alphanumeric() || unspaced == Some(!is_unspaced(c))) {
                    return i;
                }
                unspaced = unspaced.filter(|_| joins).or(Some(is_unspaced(c)));
            }
            i += c.len_utf8();
        } else {
            return i;
        }
    }
}

/// End of the run of `byte` from `i`.
pub fn run_of(bytes: &[u8], mut i: usize, byte: u8) -> usize {
    while bytes.get(i) == Some(&byte) {
        i += 1;
    }
    i
}
