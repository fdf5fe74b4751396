//! Passwords that a text or the name of a file gives away.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// Each row has words, parted by commas.
const ROWS: &[&str] = include!(concat!(env!("OUT_DIR"), "/password_words.rs"));

/// Passwords stand near the top of a mail; a long list is none.
const FAR: usize = 256 << 10;
/// Most words of a line that are looked at behind the one that announces the password.
const NEAR: usize = 12;
/// Most announcements on one line: a password may be such a word itself.
const ON_A_LINE: usize = 3;

static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let mut words: Vec<&str> = ROWS.iter().flat_map(|words| words.split(", ")).collect();
    // Of two that begin alike the longer one is found first.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
});

/// Words between the announcement and the password: of what it is, and that it is.
const FILLERS: &str = "\
    is to for the this file document archive attachment attached zip pdf rar of open opening unlock protected will \
    be following your as below follows use please lautet ist zum zur für der die das datei den dem archiv dokument \
    anhang öffnen est du de la le fichier pour ouvrir pièce jointe es del el archivo para abrir documento do da \
    arquivo é e o a per il file: è het voor bestand om te openen к архиву файлу от архива файла для до документу \
    документа это je k souboru pliku to: archiwum este dosya için är till filen er til on είναι του αρχείου هي היא \
    là adalah az fájlhoz em anexo in and or code key word number";

/// Calls `take` with each password that a text names, the likeliest first.
pub fn in_text(text: &str, take: &mut dyn FnMut(&str)) {
    static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        let builder = AhoCorasick::builder()
            .match_kind(aho_corasick::MatchKind::LeftmostLongest)
            .build(WORDS.iter());
        builder.ok()
    });
    let Some(finder) = &*FINDER else { return };
    let text = text.get(..text.floor_char_boundary(FAR)).unwrap_or_default();
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut guesses = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let lower = line.to_lowercase();
        // Letters whose lower case has another length would move all places; such lines are looked at as they are.
        let searched = if lower.len() == line.len() { &*lower } else { line };
        let next = lines.get(index + 1).copied().unwrap_or_default();
        let words = finder
            .find_iter(searched)
            .filter(|found| is_word(searched, found.start(), found.end()));
        for found in words.take(ON_A_LINE) {
            behind(line.get(found.end()..).unwrap_or_default(), next, take, &mut guesses);
            before(line.get(..found.start()).unwrap_or_default(), &mut guesses);
        }
    }
    for guess in guesses {
        take(&guess);
    }
}

/// Letters of the same script beside it make it a part of another word, but for endings such as those of Swedish and Turkish.
fn is_word(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).and_then(|before| before.chars().next_back());
    let after = text.get(end..).and_then(|after| after.chars().next());
    let is_latin = |c: char| c.is_ascii_alphanumeric();
    let short = end - start <= 4;
    !before.is_some_and(is_latin) && !(short && after.is_some_and(is_latin))
}

fn behind(after: &str, next: &str, take: &mut dyn FnMut(&str), guesses: &mut Vec<String>) {
    // The rest of a word with an ending.
    let after = after.trim_start_matches(|c: char| c.is_alphabetic() && !is_asian(c));
    if let Some(quoted) = quoted(after) {
        take(quoted);
    }
    if let Some((before, value)) = after.split_once([':', '=', '：', '→'])
        && before.chars().count() <= 40
    {
        let value = value.trim();
        if let Some(first) = first_word(value) {
            give(first, take);
            if first.len() < value.len() && value.len() <= 40 {
                guesses.push(value.to_owned());
            }
            return;
        }
        if let Some(first) = first_word(next) {
            give(first, take);
            guesses.push(next.to_owned());
        }
        return;
    }
    let words: Vec<&str> = after
        .split_whitespace()
        .map(bare)
        .filter(|word| !word.is_empty())
        .take(NEAR)
        .collect();
    let is_filler = |word: &&&str| FILLERS.split(' ').any(|filler| filler == word.to_lowercase());
    let telling: Vec<&&str> = words.iter().filter(|word| !is_filler(word)).collect();
    // A word with a digit or a mark is rather a password than one of letters alone.
    let is_odd = |word: &&&&str| {
        word.chars()
            .any(|c| !c.is_alphabetic() && c != '-' && c != '\'' && c != '’')
    };
    match telling.iter().find(is_odd).or(telling.first()) {
        Some(word) => give(word, take),
        None => first_word(next).into_iter().for_each(|word| give(word, take)),
    }
    guesses.extend(telling.iter().take(3).map(|word| (***word).to_owned()));
    guesses.extend(ascii_run(after).map(str::to_owned));
}

/// «1234 is the password»: words with digits that stand before it.
fn before(text: &str, guesses: &mut Vec<String>) {
    let words = text.split_whitespace().rev().take(NEAR).map(bare);
    let odd = words.filter(|word| word.contains(|c: char| c.is_numeric()));
    guesses.extend(odd.map(str::to_owned));
}

fn is_asian(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{0e00}'..='\u{0e7f}')
}

/// A word as it is, and without the punctuation of its sentence.
fn give(word: &str, take: &mut dyn FnMut(&str)) {
    let bare = bare(word);
    take(bare);
    take(word);
    if let Some(run) = ascii_run(word).filter(|run| *run != bare) {
        take(run);
    }
}

fn first_word(text: &str) -> Option<&str> {
    text.split_whitespace()
        .find(|word| word.chars().any(char::is_alphanumeric))
}

const QUOTES: &[char] = &[
    '"', '\'', '“', '”', '„', '«', '»', '‘', '’', '`', '*', '「', '」', '『', '』', '(', ')', '[', ']', '<', '>', '_',
];

fn bare(word: &str) -> &str {
    let inner = word.trim_matches(QUOTES);
    inner
        .trim_end_matches(['.', ',', ';', ':', '。', '、'])
        .trim_matches(QUOTES)
        .trim_start_matches([':', '=', '-', '–', '：'])
}

/// What stands between two quotation marks.
fn quoted(text: &str) -> Option<&str> {
    const PAIRS: [(char, char); 8] = [
        ('"', '"'),
        ('“', '”'),
        ('„', '“'),
        ('«', '»'),
        ('「', '」'),
        ('‘', '’'),
        ('\'', '\''),
        ('`', '`'),
    ];
    let found = PAIRS.iter().filter_map(|(open, close)| {
        let (_, rest) = text.split_once(*open)?;
        let (inner, _) = rest.split_once(*close)?;
        (!inner.is_empty() && inner.chars().count() <= 40).then_some(inner.trim())
    });
    found.min_by_key(|inner| inner.len())
}

/// The first stretch of ASCII, in a script that is written without blanks.
fn ascii_run(text: &str) -> Option<&str> {
    let start = text.find(|c: char| c.is_ascii_alphanumeric())?;
    let rest = text.get(start..)?;
    let end = rest.find(|c: char| !c.is_ascii_graphic()).unwrap_or(rest.len());
    rest.get(..end).map(bare)
}

/// Calls `take` with what a name gives away: `invoice_pass_1234.zip`, `scan (pw 77).zip`.
pub fn in_file_name(name: &str, take: &mut dyn FnMut(&str)) {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let words: Vec<&str> = stem
        .split(['_', '-', ' ', '(', ')', '=', '.', '[', ']'])
        .filter(|word| !word.is_empty())
        .collect();
    for pair in words.windows(2) {
        if let [word, password] = pair
            && WORDS.contains(&word.to_lowercase().as_str())
        {
            take(password);
        }
    }
}
