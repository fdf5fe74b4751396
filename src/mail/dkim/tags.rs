//! Lists of tags: `v=1; a=rsa-sha256; d=rook.example`, in signatures and in keys.

/// The tags in their order. No value has white space.
#[derive(Debug)]
pub struct Tags(Vec<(String, String)>);

/// Most tags that are read.
const MOST: usize = 64;

impl Tags {
    pub fn read(text: &[u8]) -> Self {
        let text = String::from_utf8_lossy(text);
        let tag = |part: &str| {
            let (name, value) = part.split_once('=')?;
            let value = value.chars().filter(|c| !c.is_ascii_whitespace()).collect();
            Some((name.trim().to_owned(), value))
        };
        Self(text.split(';').take(MOST).filter_map(tag).collect())
    }

    /// The value of the first tag of that name.
    pub fn get(&self, name: &str) -> Option<String> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone())
    }
}
