//! Enums whose values people write as words: in the configuration, on the command line, in the extension, and in the
//! outbox.

/// Declares such an enum. Each value has a word.
macro_rules! words {
    (
        $(#[$of:meta])*
        pub enum $Name:ident {
            $($(#[$about:meta])* $Value:ident = $word:literal,)*
        }
    ) => {
        $(#[$of])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, clap::ValueEnum)]
        pub enum $Name {
            $($(#[$about])* #[serde(rename = $word)] #[value(name = $word)] $Value,)*
        }

        impl $Name {
            /// In the order of the values.
            pub const NAMES: &'static [&'static str] = &[$($word),*];

            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$Value => $word,)*
                }
            }

            pub fn of_name(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$Value),)*
                    _ => None,
                }
            }
        }
    };
}
pub(crate) use words;
