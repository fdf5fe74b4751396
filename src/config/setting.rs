//! What the program knows about a setting, and the macro that declares all settings.

use super::error::ConfigError;
use super::kind::Kind;
use super::value::{Layer, Value};
use crate::domain::Secret;

#[derive(Debug)]
pub(super) struct Setting {
    /// Dotted, such as `event.prefix`.
    pub key: &'static str,
    /// What it does, and why to change it. Has the lines of the sample.
    pub says: String,
    /// The form's field for it, see [`Kind::SHAPE`].
    pub shape: &'static str,
    /// The default.
    pub preset: Option<Value>,
    /// In TOML, for the sample of a setting without a default to show.
    pub example: &'static str,
    /// Lowest and highest number.
    pub bounds: Option<(i64, i64)>,
    pub choices: &'static [&'static str],
    /// The part of the options page that shows it; `None` for no part.
    pub part: Option<Part>,
    /// The environment variable that overrides it.
    pub variable: Option<&'static str>,
    /// Its name in the configuration of `mail_to_misp`, if it means the same there.
    pub import: Option<&'static str>,
    /// Whether a form may change it. A setting that no row says this of is for people who can edit the file: a path, a
    /// program, an address to listen on or to ask, or what makes the connection trusted.
    pub by_form: bool,
    allowed: fn() -> String,
    check: fn(&Value) -> Result<(), String>,
}

/// The parts of the options page. Each shows its settings in the order of declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    Server,
    Event,
    Mail,
    Own,
    Hosts,
    Lists,
}

impl Setting {
    /// A setting with what every setting has. `says` is a doc comment.
    pub fn new<T: Kind>(key: &'static str, says: &str) -> Self {
        Self {
            key,
            says: lines(says),
            shape: T::SHAPE,
            preset: T::preset(),
            example: "",
            bounds: None,
            choices: T::CHOICES,
            part: None,
            variable: None,
            import: None,
            by_form: false,
            allowed: T::allowed,
            check: T::check,
        }
    }

    pub fn preset(mut self, value: impl Into<Value>) -> Self {
        self.preset = Some(value.into());
        self
    }

    pub fn within(mut self, low: i64, high: i64) -> Self {
        self.bounds = Some((low, high));
        self
    }

    pub fn example(mut self, toml: &'static str) -> Self {
        self.example = toml;
        self
    }

    /// A field of the options page.
    pub fn on_page(self, part: Part) -> Self {
        self.shown_on(part).by_form()
    }

    /// On the options page, to look at.
    pub fn shown_on(mut self, part: Part) -> Self {
        self.part = Some(part);
        self
    }

    /// A form or an organisation's policy may change it, although the options page has no field for it.
    pub fn by_form(mut self) -> Self {
        self.by_form = true;
        self
    }

    pub fn variable(mut self, name: &'static str) -> Self {
        self.variable = Some(name);
        self
    }

    pub fn import(mut self, name: &'static str) -> Self {
        self.import = Some(name);
        self
    }

    /// Section (empty for keys outside of sections) and name.
    pub fn split(&self) -> (&'static str, &'static str) {
        self.key.split_once('.').unwrap_or(("", self.key))
    }

    pub fn is_secret(&self) -> bool {
        self.shape == "secret"
    }

    /// The allowed values, for people.
    pub fn allowed(&self) -> String {
        match self.bounds {
            Some((low, high)) => format!("a whole number from {low} to {high}"),
            None => (self.allowed)(),
        }
    }

    /// Checks a value. The error says what is allowed.
    pub fn checked(&self, value: Option<Value>) -> Result<Value, String> {
        let value = match (value, self.bounds) {
            (Some(Value::Number(number)), Some((low, high))) => {
                Some(Value::Number(number)).filter(|_| (low..=high).contains(&number))
            }
            (_, Some(_)) => None,
            (Some(Value::Text(text)), None) if self.is_secret() => Some(Value::Secret(Secret::new(&text))),
            (other, None) => other,
        };
        let value = value.ok_or_else(|| self.allowed())?;
        (self.check)(&value).map(|()| value)
    }
}

/// The lines of a doc comment, without the blank before each.
pub(super) fn lines(doc: &str) -> String {
    doc.lines().map(str::trim).collect::<Vec<_>>().join("\n")
}

/// The value in force: the one that is set, else the default.
pub(super) fn read<T: Kind>(setting: Option<&Setting>, layer: &Layer) -> Result<T, ConfigError> {
    let set = setting
        .and_then(|setting| layer.get(setting.key))
        .map(|entry| &entry.value);
    let value = set.or_else(|| setting?.preset.as_ref());
    let read = match value {
        Some(value) => T::read(value),
        None => T::unset().ok_or_else(T::allowed),
    };
    // Values were checked when they were set, and tests read every default.
    read.map_err(|message| ConfigError::Conflict {
        place: setting.map_or("", |setting| setting.key).to_owned(),
        message,
    })
}

/// The dotted key of a field. Fields of `top` have no section.
macro_rules! key {
    (top, $name:ident) => {
        stringify!($name)
    };
    ($section:ident, $name:ident) => {
        concat!(stringify!($section), ".", stringify!($name))
    };
}
pub(super) use key;

/// Declares the settings, section by section. A row has the field of the section's struct, its documentation, its
/// default, and whatever else [`Setting`] needs. From the rows it makes the structs, [`Settings`](super::Settings) and
/// the list of all settings.
///
/// ```text
/// /// What the section is about.
/// section: Struct {
///     /// What the setting does.
///     pub name: Type = DEFAULT, within(1, 9), on_page(Part::Event);
/// }
/// ```
macro_rules! sections {
    ($(
        $(#[doc = $about:literal])*
        $section:ident: $Section:ident {
            $(
                $(#[doc = $says:literal])*
                $vis:vis $name:ident: $type:ty $(= $preset:expr)? $(, $more:ident($($given:expr),*))*;
            )*
        }
    )*) => {
        $(
            $(#[doc = $about])*
            #[derive(Clone, Debug)]
            #[allow(clippy::struct_excessive_bools)]
            pub struct $Section {
                $($(#[doc = $says])* $vis $name: $type,)*
            }

            impl $Section {
                fn read(set: &Layer) -> Result<Self, ConfigError> {
                    Ok(Self {
                        $($name: setting::read(find(key!($section, $name)), set)?,)*
                    })
                }
            }

            impl Default for $Section {
                #[allow(clippy::expect_used, reason = "only declared defaults are read, which the tests read as well")]
                fn default() -> Self {
                    Self::read(&Layer::new()).expect("every default is allowed")
                }
            }
        )*

        /// Every setting, for one profile.
        #[derive(Clone, Debug)]
        pub struct Settings {
            pub destination: Target,
            /// Those of the file, and those that the settings of `[tags]` are.
            pub rules: Vec<Rule>,
            /// The program's own folders and files.
            pub paths: Paths,
            $($(#[doc = $about])* pub $section: $Section,)*
            /// What the file, the profile and the environment set.
            pub(super) set: Layer,
        }

        impl Settings {
            /// Reads what is set, else the defaults.
            pub(super) fn read(set: Layer) -> Result<Self, ConfigError> {
                let mut settings = Self {
                    destination: Target::Feed,
                    rules: Vec::new(),
                    paths: Paths::default(),
                    $($section: $Section::read(&set)?,)*
                    set,
                };
                settings.follow();
                Ok(settings)
            }
        }

        static SETTINGS: LazyLock<Vec<Setting>> = LazyLock::new(|| vec![$($(
            Setting::new::<$type>(key!($section, $name), concat!($($says, "\n"),*))
                $(.preset($preset))? $(.$more($($given),*))*,
        )*)*]);

        /// What a section is about, for the sample.
        pub(super) fn section_says(section: &str) -> String {
            let says = match section {
                $(stringify!($section) => concat!($($about, "\n"),*),)*
                _ => "",
            };
            setting::lines(says)
        }
    };
}
pub(super) use sections;
