//! What a plan needs to know about a machine. Only [`Platform::detect`] looks at the machine, so a plan for any system
//! can be made and tested on any other.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::InstallError;
use super::postfix::plain;

/// Our folder's name below folders for data.
const FOLDER: &str = "mispigeon";

/// Family of operating systems, as far as Thunderbird's places differ. Other Unixes count as Linux.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    Linux,
    MacOs,
    Windows,
}

impl System {
    /// The system that the program was built for.
    pub const fn current() -> Self {
        if cfg!(windows) {
            Self::Windows
        } else if cfg!(target_os = "macos") {
            Self::MacOs
        } else {
            Self::Linux
        }
    }

    /// A path below `folder`, with this system's separator.
    pub(super) fn below(self, folder: &Path, names: &[&str]) -> PathBuf {
        let mut path = folder.as_os_str().to_owned();
        for name in names {
            path.push(self.separator());
            path.push(name);
        }
        path.into()
    }

    /// Like [`Path::is_absolute`], but by this system's rules.
    pub(super) fn is_absolute(self, path: &Path) -> bool {
        let path = path.to_string_lossy();
        match self {
            Self::Linux | Self::MacOs => path.starts_with('/'),
            Self::Windows => path.starts_with(r"\\") || path.get(1..3) == Some(r":\"),
        }
    }

    /// Whether `path` is inside `folder`, at any depth.
    pub(super) fn is_below(self, path: &Path, folder: &Path) -> bool {
        let mut path = self.parts(path);
        self.parts(folder).all(|part| path.next() == Some(part)) && path.next().is_some()
    }

    /// The names in a path, from the root on.
    pub(super) fn parts(self, path: &Path) -> impl DoubleEndedIterator<Item = String> {
        let mut text = path.to_string_lossy().into_owned();
        if self == Self::Windows {
            text.make_ascii_lowercase();
        }
        let parts: Vec<String> = text
            .split(self.separator())
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect();
        parts.into_iter()
    }

    const fn separator(self) -> &'static str {
        match self {
            Self::Linux | Self::MacOs => "/",
            Self::Windows => r"\",
        }
    }
}

/// A machine, and the user who installs.
#[derive(Clone, Debug)]
pub struct Platform {
    pub system: System,
    /// The running program.
    pub binary: PathBuf,
    pub home: PathBuf,
    /// Our folder for this user's data. It does not depend on the configuration, so that an installation is found again
    /// under any.
    pub data: PathBuf,
    /// Our folder for data of all users. Not used on Linux, where Thunderbird has a place for it.
    pub shared_data: PathBuf,
    /// The system's folder for temporary files.
    pub temporary: PathBuf,
    /// Whether `/usr/lib64/mozilla` exists. Thunderbird of Fedora, openSUSE and others reads host manifests below it.
    pub has_lib64: bool,
    /// A file or folder which shows that Thunderbird is, or was, a Snap.
    pub snap: Option<PathBuf>,
    /// A file or folder which shows that Thunderbird is, or was, a Flatpak.
    pub flatpak: Option<PathBuf>,
    /// Whether another user runs the program as root by sudo.
    pub through_sudo: bool,
}

impl Platform {
    pub fn detect() -> Result<Self, InstallError> {
        let system = System::current();
        let base = directories::BaseDirs::new().ok_or(InstallError::NoHome)?;
        let ours = directories::ProjectDirs::from("", "", FOLDER).ok_or(InstallError::NoHome)?;
        let home = base.home_dir().to_owned();
        Ok(Self {
            system,
            binary: std::env::current_exe().map_err(InstallError::NoBinary)?,
            data: ours.data_local_dir().to_owned(),
            shared_data: shared_data(system),
            temporary: std::env::temp_dir(),
            has_lib64: system == System::Linux && Path::new("/usr/lib64/mozilla").is_dir(),
            snap: find_snap(&home),
            flatpak: find_flatpak(&home),
            through_sudo: std::env::var_os("SUDO_USER").is_some_and(|user| user != "root"),
            home,
        })
    }

    /// Fails if other programs could not start this one by its path.
    pub fn check_binary(&self) -> Result<(), InstallError> {
        if self.binary.to_str().is_none() || !self.system.is_absolute(&self.binary) {
            return Err(InstallError::BinaryPath(self.binary.clone()));
        }
        Ok(())
    }

    /// The program's path. Fails if a unit of systemd or a command of Postfix would have to quote it.
    pub(super) fn plain_binary(&self) -> Result<&str, InstallError> {
        let path = self.binary.to_str().unwrap_or_default();
        plain(path, "a unit of systemd or a command of Postfix").map_err(|place| InstallError::PlainPath {
            path: self.binary.clone(),
            place,
        })?;
        Ok(path)
    }
}

fn shared_data(system: System) -> PathBuf {
    let root = match system {
        System::Windows => std::env::var_os("ProgramData").unwrap_or_else(|| r"C:\ProgramData".into()),
        System::Linux | System::MacOs => "/Library/Application Support".into(),
    };
    system.below(Path::new(&root), &[FOLDER])
}

fn find_snap(home: &Path) -> Option<PathBuf> {
    let places = [
        PathBuf::from("/snap/bin/thunderbird"),
        PathBuf::from("/var/lib/snapd/snap/bin/thunderbird"),
        home.join("snap/thunderbird"),
    ];
    places.into_iter().find(|place| place.exists())
}

/// The first parts and the case of the application's id have changed over the years. Its last part is the name.
fn find_flatpak(home: &Path) -> Option<PathBuf> {
    let folders = [
        PathBuf::from("/var/lib/flatpak/exports/bin"),
        home.join(".local/share/flatpak/exports/bin"),
        home.join(".var/app"),
    ];
    let is_thunderbird = |path: &PathBuf| {
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        name.contains('.') && name.to_ascii_lowercase().ends_with(".thunderbird")
    };
    folders
        .iter()
        .filter_map(|folder| fs::read_dir(folder).ok())
        .flat_map(|entries| entries.filter_map(Result::ok))
        .map(|entry| entry.path())
        .find(is_thunderbird)
}
