//! Plans for every system, made on any; and carrying them out in folders of a test.

mod carrying_out;
mod planning;

use std::path::PathBuf;

use super::{Platform, System};

fn linux() -> Platform {
    Platform {
        system: System::Linux,
        binary: "/usr/local/bin/mispigeon".into(),
        home: "/home/ana".into(),
        data: "/home/ana/.local/share/mispigeon".into(),
        shared_data: PathBuf::new(),
        temporary: "/tmp".into(),
        has_lib64: false,
        snap: None,
        flatpak: None,
        through_sudo: false,
    }
}

fn macos() -> Platform {
    Platform {
        system: System::MacOs,
        home: "/Users/ana".into(),
        data: "/Users/ana/Library/Application Support/mispigeon".into(),
        shared_data: "/Library/Application Support/mispigeon".into(),
        temporary: "/var/folders/x1/T".into(),
        ..linux()
    }
}

fn windows() -> Platform {
    Platform {
        system: System::Windows,
        binary: r"C:\Program Files\MISPigeon\mispigeon.exe".into(),
        home: r"C:\Users\Ana".into(),
        data: r"C:\Users\Ana\AppData\Local\mispigeon\data".into(),
        shared_data: r"C:\ProgramData\mispigeon".into(),
        temporary: r"C:\Users\Ana\AppData\Local\Temp".into(),
        ..linux()
    }
}
