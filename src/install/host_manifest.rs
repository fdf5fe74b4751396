//! The native messaging host manifest: the file that tells Thunderbird which program an extension may start.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::native::{EXTENSION_ID, NAME};

#[derive(Serialize, Deserialize)]
struct HostManifest {
    name: String,
    #[serde(default)]
    description: String,
    path: PathBuf,
    r#type: String,
    allowed_extensions: Vec<String>,
}

/// The text of the manifest that starts `binary`. JSON cannot hold a path that is not Unicode; such a path gets
/// replacement characters.
pub fn render(binary: &Path) -> String {
    let manifest = HostManifest {
        name: NAME.to_owned(),
        description: "Turns e-mails into MISP events".to_owned(),
        path: binary.to_string_lossy().into_owned().into(),
        r#type: "stdio".to_owned(),
        allowed_extensions: vec![EXTENSION_ID.to_owned()],
    };
    // Cannot fail for strings and lists of strings.
    let json = serde_json::to_string_pretty(&manifest).unwrap_or_default();
    json + "\n"
}

/// The program that a manifest starts; `None` if it is not for our extension.
pub fn program_of_ours(text: &[u8]) -> Option<PathBuf> {
    let manifest: HostManifest = serde_json::from_slice(text).ok()?;
    let is_ours = manifest.name == NAME && manifest.allowed_extensions.iter().any(|id| id == EXTENSION_ID);
    is_ours.then_some(manifest.path)
}
