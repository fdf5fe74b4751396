//! The objects of a PDF file.

use smallvec::SmallVec;

/// A name or an operator. Nearly all are short, and a file has a million of them: short ones take no memory of their own.
pub type Name = SmallVec<[u8; 16]>;

#[derive(Clone, Debug, PartialEq)]
pub enum Object {
    Null,
    Bool(bool),
    Number(f64),
    Name(Name),
    Text(Vec<u8>),
    Array(Vec<Object>),
    Dict(Dict),
    /// The number of another object.
    Reference(u32),
    /// A word that is none of these: an operator of a content stream.
    Word(Name),
}

/// Keys and values, in order; few enough that looking through them is quickest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dict(pub Vec<(Name, Object)>);

impl Dict {
    pub fn get(&self, key: &str) -> Option<&Object> {
        let mut pairs = self.0.iter();
        pairs
            .find(|(name, _)| **name == *key.as_bytes())
            .map(|(_, value)| value)
    }

    pub fn name(&self, key: &str) -> Option<&[u8]> {
        self.get(key).and_then(Object::as_name)
    }

    pub fn is(&self, key: &str, name: &str) -> bool {
        self.name(key) == Some(name.as_bytes())
    }
}

impl Object {
    pub fn as_name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    pub fn as_text(&self) -> Option<&[u8]> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// A whole number that is not negative.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // it is looked at first
    pub fn as_count(&self) -> Option<usize> {
        self.as_number()
            .filter(|number| (0.0..4e9).contains(number))
            .map(|number| number as usize)
    }

    pub fn as_dict(&self) -> Option<&Dict> {
        match self {
            Self::Dict(dict) => Some(dict),
            _ => None,
        }
    }

    pub fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }
}
