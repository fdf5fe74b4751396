//! The native messaging host manifest: the file by which Thunderbird knows which program an extension may start.

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

/// Text of the manifest that starts `binary`. A path that is not Unicode cannot stand in JSON and comes out with
/// replacement characters.
pub fn render(binary: &Path) -> String {
    let manifest = HostManifest {
        name: NAME.to_owned(),
        description: "Turns e-mails into MISP events".to_owned(),
        path: binary.to_string_lossy().into_owned().into(),
        r#type: "stdio".to_owned(),
        allowed_extensions: vec![EXTENSION_ID.to_owned()],
    };
    // Strings and lists of strings always become JSON.
    let json = serde_json::to_string_pretty(&manifest).unwrap_or_default();
    json + "\n"
}

/// The program that a manifest starts, when it is one for our extension.
pub fn program_of_ours(text: &[u8]) -> Option<PathBuf> {
    let manifest: HostManifest = serde_json::from_slice(text).ok()?;
    let is_ours = manifest.name == NAME && manifest.allowed_extensions.iter().any(|id| id == EXTENSION_ID);
    is_ours.then_some(manifest.path)
}
