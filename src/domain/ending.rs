//! File-name endings and what they say about a file, from `data/file_name_endings.tsv`.

use std::sync::LazyLock;

use hashbrown::HashMap;

/// Ending, uses, type.
const ROWS: &[[&str; 3]] = include!(concat!(env!("OUT_DIR"), "/file_name_endings.rs"));

static KNOWN: LazyLock<HashMap<&str, Ending>> = LazyLock::new(|| {
    let ending = |&[name, uses, mime]: &[&'static str; 3]| (name, Ending { uses, mime });
    ROWS.iter().map(ending).collect()
});

/// Of several endings with the same type the first.
static BY_TYPE: LazyLock<HashMap<&str, Ending>> = LazyLock::new(|| {
    let typed = ROWS.iter().filter(|[_, _, mime]| *mime != "-").rev();
    let ending = |&[_, uses, mime]: &[&'static str; 3]| (mime, Ending { uses, mime });
    typed.map(ending).collect()
});

#[derive(Clone, Copy, Debug)]
pub struct Ending {
    uses: &'static str,
    mime: &'static str,
}

/// A use of an ending, see `data/README.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndingUse {
    /// It is also a public suffix: in prose, a name of two labels that ends in it is a file.
    Suffix,
    /// Before another suffix, it shows that the whole name is a file.
    File,
    /// Source files, which people write side by side: `README.md/setup.py`.
    Source,
    /// The text of such an attachment is searched for indicators.
    Read,
    /// Such a file has only text and is not a malware sample.
    Text,
    /// A click on it runs what is in it.
    Run,
    /// It holds other files: an archive or the image of a disk.
    Pack,
}

impl EndingUse {
    fn name(self) -> &'static str {
        match self {
            Self::Suffix => "suffix",
            Self::File => "file",
            Self::Source => "source",
            Self::Read => "read",
            Self::Text => "text",
            Self::Run => "run",
            Self::Pack => "pack",
        }
    }
}

impl Ending {
    /// `label` is in lower case.
    pub fn of_label(label: &str) -> Option<Self> {
        KNOWN.get(label).copied()
    }

    /// `name` is that of a file, in any case.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::of_label(&name.rsplit_once('.')?.1.to_ascii_lowercase())
    }

    /// Of the name of a file; of one without an ending by its declared type.
    pub fn of_file(name: Option<&str>, content_type: &str) -> Option<Self> {
        match name.filter(|name| name.contains('.')) {
            Some(name) => Self::of_name(name),
            None => BY_TYPE.get(content_type).copied(),
        }
    }

    pub fn is(self, wanted: EndingUse) -> bool {
        self.uses.split(',').any(|one| one == wanted.name())
    }

    /// The media type of such a file, for when its content says nothing.
    pub fn mime(self) -> Option<&'static str> {
        Some(self.mime).filter(|mime| *mime != "-")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::table;

    #[test]
    fn every_row_of_the_table_is_found_by_its_example() {
        let all = [
            EndingUse::Suffix,
            EndingUse::File,
            EndingUse::Source,
            EndingUse::Read,
            EndingUse::Text,
            EndingUse::Run,
            EndingUse::Pack,
        ];
        for row in table::rows("file_name_endings") {
            assert!(row["example"].ends_with(&format!(".{}", row["ending"])), "{row:?}");
            let ending = Ending::of_name(&row["example"].to_uppercase()).unwrap();
            assert_eq!(ending.mime().unwrap_or("-"), row["type"], "{row:?}");
            let uses: Vec<_> = all
                .into_iter()
                .filter(|one| ending.is(*one))
                .map(EndingUse::name)
                .collect();
            let uses = if uses.is_empty() {
                "-".to_owned()
            } else {
                uses.join(",")
            };
            assert_eq!(uses, row["uses"], "{row:?}");
        }
        assert!(Ending::of_name("invoice").is_none() && Ending::of_name("invoice.nothing").is_none());
    }
}
