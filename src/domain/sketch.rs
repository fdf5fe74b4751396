//! A small picture of a set of names, which says quickly of most others that they are not in it.

/// A name that was not added may be taken for one that was, never the other way round.
#[derive(Clone, Debug)]
pub struct Sketch([u64; 64]);

impl Default for Sketch {
    fn default() -> Self {
        Self([0; 64])
    }
}

impl Sketch {
    /// Adds a name.
    pub fn add(&mut self, name: &str) {
        let (word, bit) = place(name);
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    /// Whether the name may be one of those that were added.
    pub fn may_have(&self, name: &str) -> bool {
        let (word, bit) = place(name);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }
}

/// The place of a name, by its length and three of its letters.
#[allow(clippy::cast_possible_truncation)] // of a length, whose lowest bits are enough
fn place(name: &str) -> (usize, u64) {
    let bytes = name.as_bytes();
    let letter = |i: usize| bytes.get(i).copied().unwrap_or_default();
    let length = bytes.len();
    let signs = [
        length as u8,
        letter(0),
        letter(length / 2),
        letter(length.saturating_sub(2)),
    ];
    // The upper bits of such a product depend on all lower ones of the factor.
    let mixed = u32::from_le_bytes(signs).wrapping_mul(0x9e37_79b1) >> 20;
    ((mixed >> 6) as usize, 1 << (mixed & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_was_added_is_never_missed() {
        let mut sketch = Sketch::default();
        let names = ["", "a", "paypal", "www.paypal.com", "b\u{fc}cher"];
        assert!(names.iter().all(|name| !sketch.may_have(name)));
        for name in names {
            sketch.add(name);
        }
        assert!(names.iter().all(|name| sketch.may_have(name)));
        let others = ["evil", "login", "www.evil.com", "com", "x"];
        assert!(others.iter().any(|name| !sketch.may_have(name)));
    }
}
