//! What is known of a find besides its value and its place.

use std::ops::Range;
use std::sync::Arc;

use super::Doubt;
use super::host::remark_about;
use crate::domain::{FoundAs, Remark};

/// What there is to tell about the last host: a URL and its host come one after the other.
#[derive(Default)]
pub struct Told {
    host: String,
    remark: Option<Remark>,
}

impl Told {
    fn about(&mut self, host: &str) -> Option<Remark> {
        if self.host != host {
            host.clone_into(&mut self.host);
            self.remark = remark_about(host);
        }
        self.remark.clone()
    }
}

/// As much of a text as is kept of how a find is written.
pub fn head(text: &str) -> &str {
    const MOST: usize = 300;
    // Most are shorter, which the number of bytes tells at once.
    let end = (text.len() > MOST).then(|| text.char_indices().nth(MOST)).flatten();
    end.and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// The words of the last span: a URL, its host, and the links in it are written in the same ones.
#[derive(Default)]
pub struct Words {
    span: Range<usize>,
    words: Option<Arc<str>>,
}

impl Words {
    /// The [`head`] of the words of `text` in the span, unless they are the value.
    pub fn of(&mut self, text: &str, span: Range<usize>, value: &str) -> Option<Arc<str>> {
        let written = head(text.get(span.clone()).unwrap_or_default());
        if written == value {
            return None;
        }
        if self.span != span || self.words.is_none() {
            *self = Self {
                span,
                words: Some(written.into()),
            };
        }
        self.words.clone()
    }
}

/// A find, before it has a place.
#[derive(Default)]
pub struct Find {
    /// See [`super::Indicator::url_host`].
    pub url_host: Option<Box<str>>,
    /// See [`super::Indicator::remarks`].
    pub remark: Option<Remark>,
    /// Without a remark of its own it has what there is to tell about its host, which is a name.
    pub of_host: bool,
    /// See [`super::Indicator::doubt`].
    pub doubt: Option<Doubt>,
    /// See [`super::Indicator::defanged`].
    pub defanged: bool,
    /// See [`super::Indicator::passing`].
    pub passing: bool,
    /// See [`super::Indicator::redirects_to`].
    pub redirects_to: Option<Arc<str>>,
}

impl Find {
    /// Its remark, as the find of `value`.
    pub fn remark(&mut self, value: &str, told: &mut Told) -> Option<Remark> {
        let host = self.url_host.as_deref().unwrap_or(value);
        let of_host = || self.of_host.then(|| told.about(host)).flatten();
        self.remark.take().or_else(of_host)
    }

    /// How it is found in such a text. Mail programs make links of URLs, and of names that begin with `www`.
    pub fn way(&self, text: FoundAs, linked: bool) -> FoundAs {
        match text {
            FoundAs::Prose if self.defanged => FoundAs::Defanged,
            FoundAs::Prose if linked => FoundAs::Link,
            other => other,
        }
    }
}
