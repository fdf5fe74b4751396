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
mod tests {
    use super::*;

    fn caller(arguments: &[&str]) -> Option<Caller> {
        let arguments: Vec<_> = arguments.iter().map(Into::into).collect();
        Caller::of_arguments(&arguments)
    }

    #[test]
    fn thunderbird_is_told_from_a_person_by_its_arguments() {
        let expected = Caller {
            manifest: "/m/mispigeon.json".into(),
            extension: EXTENSION_ID.to_owned(),
        };
        assert_eq!(
            caller(&["mispigeon", "/m/mispigeon.json", EXTENSION_ID]),
            Some(expected)
        );
        assert!(
            caller(&[
                "mispigeon",
                "/m/x.json",
                "{3550f703-e582-4d05-9a08-453d09bdfdc6}",
                "--parent-window=1"
            ])
            .is_some()
        );
        for person in [
            &["mispigeon"][..],
            &["mispigeon", "send", "a@b"],
            &["mispigeon", "m.json", "a@b"],
            &["mispigeon", "/m.json", "-"],
            &["mispigeon", "/m.eml", "a@b"],
        ] {
            assert_eq!(caller(person), None, "{person:?}");
        }
    }

    #[test]
    fn only_the_extension_of_the_manifest_is_served() {
        let folder = tempfile::tempdir().unwrap();
        let check = |text: &str, extension: &str| {
            let manifest = folder.path().join("m.json");
            std::fs::write(&manifest, text).unwrap();
            let caller = Caller {
                manifest,
                extension: extension.to_owned(),
            };
            caller.check().map_err(|error| error.to_string())
        };
        let ours = r#"{"name": "mispigeon", "allowed_extensions": ["mispigeon@mispigeon.org"]}"#;
        assert!(check(ours, EXTENSION_ID).is_ok());
        assert!(check(ours, "other@example.org").unwrap_err().contains("not served"));
        assert!(check("{}", EXTENSION_ID).is_err());
        assert!(check(&ours.replace("\"mispigeon\"", "\"other\""), EXTENSION_ID).is_err());
    }
}
