//! What a group of rich text inherits from the one around it.

/// Where text goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    #[default]
    Text,
    /// Nobody sees it.
    Hidden,
    /// The code of a field.
    Code,
    /// The address of a template.
    Template,
    /// The address of a drawing that is clicked on.
    Link,
    /// Bytes of an object or a picture in hexadecimal digits.
    Object,
    Picture,
    /// Names and code pages of fonts.
    Fonts,
}

#[derive(Clone, Copy)]
pub struct State {
    pub place: Place,
    pub font: i32,
    /// How many characters stand for one `\u`.
    pub fallback: u8,
    pub is_starred: bool,
    /// This group is a field.
    pub is_field: bool,
    /// This group began the place that it has.
    pub is_first: bool,
}

impl Default for State {
    fn default() -> Self {
        Self {
            place: Place::Text,
            font: 0,
            fallback: 1,
            is_starred: false,
            is_field: false,
            is_first: false,
        }
    }
}

/// Where the text of a destination goes; `None` if the word is no destination.
pub fn place(word: &[u8]) -> Option<Place> {
    Some(match word {
        b"fldinst" => Place::Code,
        b"template" => Place::Template,
        b"hlsrc" => Place::Link,
        b"objdata" => Place::Object,
        b"pict" => Place::Picture,
        b"fonttbl" => Place::Fonts,
        b"colortbl"
        | b"stylesheet"
        | b"info"
        | b"listtable"
        | b"listoverridetable"
        | b"filetbl"
        | b"themedata"
        | b"colorschememapping"
        | b"datastore"
        | b"latentstyles"
        | b"rsidtbl"
        | b"generator"
        | b"xmlnstbl"
        | b"objclass"
        | b"objname"
        | b"objalias"
        | b"objsect"
        | b"nonshppict"
        | b"sn"
        | b"sv"
        | b"hlloc"
        | b"hlfr"
        | b"atnid"
        | b"atnref"
        | b"atndate"
        | b"pgdsctbl"
        | b"mmathPr"
        | b"wgrffmtfilter"
        | b"bkmkstart"
        | b"bkmkend"
        | b"blipuid"
        | b"picprop" => Place::Hidden,
        _ => return None,
    })
}

/// Destinations that are text though a program that does not know them leaves them out.
pub fn is_shown(word: &[u8]) -> bool {
    matches!(
        word,
        b"shptxt"
            | b"shppict"
            | b"shp"
            | b"shpinst"
            | b"do"
            | b"dptxbxtext"
            | b"annotation"
            | b"footnote"
            | b"hl"
            | b"fldinst"
            | b"sp"
            | b"upr"
            | b"ud"
            | b"nesttableprops"
            | b"atnauthor"
            | b"formfield"
            | b"ffdeftext"
    )
}
