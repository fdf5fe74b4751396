//! Who calls: Thunderbird starts the program with the path of the host manifest and the id of the extension.

use std::path::PathBuf;

use serde::Deserialize;

/// The name under which the extension asks Thunderbird for the program.
pub const NAME: &str = "mispigeon";

/// Id of the extension that is served.
pub const EXTENSION_ID: &str = "mispigeon@mispigeon.org";

/// What Thunderbird says when it starts the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The host manifest.
    pub manifest: PathBuf,
    /// Id of the extension that asked for it.
    pub extension: String,
}

/// Why a caller is not served.
#[derive(Debug, thiserror::Error)]
pub enum CallerError {
    /// The manifest cannot be read, or is not ours.
    #[error("the host manifest {} cannot be read: {reason}; run `mispigeon install thunderbird` again", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// Why, for people.
        reason: String,
    },
    /// The manifest does not name the extension.
    #[error("the extension {extension} is not served: the host manifest {} does not name it", path.display())]
    NotAllowed {
        /// Its id.
        extension: String,
        /// The file.
        path: PathBuf,
    },
}

#[derive(Deserialize)]
struct Manifest {
    name: String,
    #[serde(default)]
    allowed_extensions: Vec<String>,
}

impl Caller {
    /// Takes the arguments for those of Thunderbird: a manifest and an id, on Windows with more behind them. `None` when a person
    /// called.
    pub fn of_arguments(arguments: &[std::ffi::OsString]) -> Option<Self> {
        let [_, manifest, extension, ..] = arguments else {
            return None;
        };
        let manifest = PathBuf::from(manifest);
        let is_manifest = manifest.is_absolute() && manifest.extension().is_some_and(|extension| extension == "json");
        let extension = extension.to_str()?.to_owned();
        let is_id = extension.contains('@') || (extension.starts_with('{') && extension.ends_with('}'));
        (is_manifest && is_id).then_some(Self { manifest, extension })
    }

    /// Fails unless the manifest is ours and names the extension.
    pub fn check(&self) -> Result<(), CallerError> {
        let unusable = |reason: String| CallerError::Manifest {
            path: self.manifest.clone(),
            reason,
        };
        let text = std::fs::read_to_string(&self.manifest).map_err(|error| unusable(error.to_string()))?;
        let manifest: Manifest = serde_json::from_str(&text).map_err(|error| unusable(error.to_string()))?;
        if manifest.name != NAME {
            return Err(unusable(format!("it belongs to a program named {}", manifest.name)));
        }
        if manifest.allowed_extensions.contains(&self.extension) {
            Ok(())
        } else {
            Err(CallerError::NotAllowed {
                extension: self.extension.clone(),
                path: self.manifest.clone(),
            })
        }
    }
}

#[cfg(test)]
#[path = "caller_tests.rs"]
mod tests;
