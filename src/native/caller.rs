//! The caller: Thunderbird starts the program with the path of the host manifest and the extension's id.

use std::path::PathBuf;

use serde::Deserialize;

/// The name that the extension gives Thunderbird to start this program.
pub const NAME: &str = "mispigeon";

pub const EXTENSION_ID: &str = "mispigeon@mispigeon.org";

/// The arguments with which Thunderbird starts the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Path of the host manifest.
    pub manifest: PathBuf,
    /// Id of the extension that started the program.
    pub extension: String,
}

/// Why a caller is refused.
#[derive(Debug, thiserror::Error)]
pub enum CallerError {
    /// The manifest cannot be read, or is for another program.
    #[error("the host manifest {} cannot be read: {reason}; run `mispigeon install thunderbird` again", path.display())]
    Manifest {
        path: PathBuf,
        /// For people.
        reason: String,
    },
    #[error("the extension {extension} is not served: the host manifest {} does not name it", path.display())]
    NotAllowed { extension: String, path: PathBuf },
}

#[derive(Deserialize)]
struct Manifest {
    name: String,
    #[serde(default)]
    allowed_extensions: Vec<String>,
}

impl Caller {
    /// Reads Thunderbird's arguments: a manifest and an id, on Windows followed by more. `None` if a person started the
    /// program.
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

    /// Fails unless the manifest is for this program and names the extension.
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
