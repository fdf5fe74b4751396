//! Wildcards in names of files. Shells of Unix replace them before the program starts; those of Windows leave that to
//! the program.

use std::fs;
use std::path::{Path, PathBuf};

/// The files and folders whose names match the last part of `pattern`, sorted. `*` stands for any letters, `?` for one.
pub fn matching(pattern: &Path) -> Vec<PathBuf> {
    let Some(name) = pattern.file_name().and_then(|name| name.to_str()) else {
        return Vec::new();
    };
    if !name.contains(['*', '?']) {
        return Vec::new();
    }
    let folder = pattern.parent().unwrap_or(Path::new(""));
    let listed = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let entries = fs::read_dir(listed).into_iter().flatten().filter_map(Result::ok);
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.file_name())
        .filter(|found| found.to_str().is_some_and(|found| fits(name, found)))
        .map(|found| folder.join(found))
        .collect();
    found.sort_unstable();
    found
}

/// Whether a name matches. Windows does not tell small letters from capital ones in names.
fn fits(pattern: &str, name: &str) -> bool {
    let letters = |text: &str| -> Vec<char> {
        if cfg!(windows) {
            text.chars().flat_map(char::to_lowercase).collect()
        } else {
            text.chars().collect()
        }
    };
    let (pattern, name) = (letters(pattern), letters(name));
    let (mut at, mut from) = (0, 0);
    // Behind the last `*` and the first letter that it does not stand for.
    let mut retry: Option<(usize, usize)> = None;
    while let Some(letter) = name.get(from) {
        match pattern.get(at) {
            Some('*') => {
                at += 1;
                retry = Some((at, from));
            }
            Some(wanted) if *wanted == '?' || wanted == letter => {
                at += 1;
                from += 1;
            }
            _ => {
                let Some((behind, next)) = retry else {
                    return false;
                };
                at = behind;
                from = next + 1;
                retry = Some((behind, from));
            }
        }
    }
    pattern.iter().skip(at).all(|letter| *letter == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_letters_and_a_question_mark_for_one() {
        for (pattern, name) in [
            ("*.eml", "a.eml"),
            ("*.eml", ".eml"),
            ("*", "a"),
            ("a*", "a"),
            ("a?c", "aäc"),
            ("*a*b*", "xaxaxb"),
            ("*aab", "aaaab"),
            ("a**b", "ab"),
        ] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("*.eml", "a.emlx"),
            ("?", ""),
            ("?", "ab"),
            ("a?c", "ac"),
            ("*a*b", "ba"),
            ("a", "ab"),
            ("ab", "a"),
        ] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn names_come_sorted_and_with_the_folder_that_was_given() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.eml", "a.eml", "c.txt"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let found = matching(&folder.path().join("*.eml"));
        assert_eq!(found, ["a.eml", "b.eml"].map(|name| folder.path().join(name)));
        assert!(matching(&folder.path().join("a.eml")).is_empty());
        assert!(matching(&folder.path().join("none/*")).is_empty());
    }
}
