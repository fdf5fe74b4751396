//! Shortcuts of Windows (`.lnk`, MS-SHLLINK): where they lead, with which arguments.

use super::script;
use crate::contents::{File, Inside, Reader, Trouble, unravel};

/// Reads shortcuts, told by their bytes.
pub struct Lnk;

impl Reader for Lnk {
    fn reads(&self, file: &File<'_>) -> bool {
        file.mimetype == "application/x-ms-shortcut"
    }

    fn read(&self, file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        inside.claim(file.bytes.len())?;
        let shortcut = Shortcut::of(file.bytes).ok_or_else(|| Trouble::broken("cut off"))?;
        shortcut.facts(inside);
        let target = shortcut.environment.as_ref().or(shortcut.local_path.as_ref());
        let target = target.or(shortcut.relative_path.as_ref()).map_or("", String::as_str);
        let arguments = shortcut.arguments.as_deref().unwrap_or_default();
        unravel::script("command", format!("{target} {arguments}").trim(), inside)?;
        let places = [
            &shortcut.share,
            &shortcut.icon,
            &shortcut.environment,
            &shortcut.arguments,
            &shortcut.folder,
        ];
        let places: Vec<&str> = places.into_iter().flatten().map(String::as_str).collect();
        script::share_of(&places.join("\n"), inside);
        if let Some(icon) = shortcut.icon.as_deref().filter(|icon| icon.contains("://")) {
            inside.script("icon", icon);
        }
        // What lies behind the end of a shortcut is often the file that its command takes out.
        let rest = file.bytes.get(shortcut.end..).unwrap_or_default();
        if rest.len() >= 64 {
            inside.part(None, rest.to_vec())?;
        }
        Ok(())
    }
}

#[derive(Default)]
struct Shortcut {
    description: Option<String>,
    relative_path: Option<String>,
    folder: Option<String>,
    arguments: Option<String>,
    icon: Option<String>,
    local_path: Option<String>,
    share: Option<String>,
    environment: Option<String>,
    drive: Option<String>,
    machine: Option<String>,
    window: u32,
    end: usize,
}

const HAS_TARGETS: u32 = 1;
const HAS_INFO: u32 = 1 << 1;
const UNICODE: u32 = 1 << 7;

/// Bytes of the header.
const HEADER: usize = 0x4c;

impl Shortcut {
    fn of(bytes: &[u8]) -> Option<Self> {
        let flags = u32_at(bytes, 0x14)?;
        let mut all = Self {
            window: u32_at(bytes, 0x3c)?,
            ..Self::default()
        };
        let mut at = HEADER;
        if flags & HAS_TARGETS != 0 {
            at = at.checked_add(2)?.checked_add(u16_at(bytes, at)?)?;
        }
        if flags & HAS_INFO != 0 {
            let size = usize::try_from(u32_at(bytes, at)?).ok()?;
            let info = bytes.get(at..at.checked_add(size)?).unwrap_or_default();
            all.info(info);
            at = at.checked_add(size)?;
        }
        let is_wide = flags & UNICODE != 0;
        for (bit, field) in [
            (2, &mut all.description),
            (3, &mut all.relative_path),
            (4, &mut all.folder),
            (5, &mut all.arguments),
            (6, &mut all.icon),
        ] {
            if flags & (1 << bit) != 0 {
                let characters = u16_at(bytes, at)?;
                let length = if is_wide {
                    characters.checked_mul(2)?
                } else {
                    characters
                };
                at = at.checked_add(2)?;
                let text = bytes.get(at..at.checked_add(length)?)?;
                *field = Some(decoded(text, is_wide));
                at = at.checked_add(length)?;
            }
        }
        all.blocks(bytes, at);
        Some(all)
    }

    /// Where the target lies: a local path, or a share.
    fn info(&mut self, info: &[u8]) {
        let offset = |at: usize| u32_at(info, at).and_then(|offset| usize::try_from(offset).ok());
        let text = |at: usize| {
            let rest = info.get(at..)?;
            let end = rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len());
            rest.get(..end)
                .map(|text| decoded(text, false))
                .filter(|text| !text.is_empty())
        };
        let is_local = offset(8).is_some_and(|flags| flags & 1 != 0);
        if is_local {
            self.local_path = offset(16).and_then(text);
        }
        if offset(8).is_some_and(|flags| flags & 2 != 0)
            && let Some(network) = offset(20)
        {
            let name = offset(network.saturating_add(8)).and_then(|name| text(network.saturating_add(name)));
            let rest = offset(24).and_then(text).unwrap_or_default();
            self.share = name.map(|name| format!("{name}\\{rest}"));
        }
        if let Some(volume) = offset(12).filter(|volume| is_local && *volume > 0) {
            self.drive = u32_at(info, volume.saturating_add(8))
                .filter(|serial| *serial != 0)
                .map(|serial| format!("{serial:08x}"));
        }
    }

    /// The blocks behind the texts, until one that ends them.
    fn blocks(&mut self, bytes: &[u8], mut at: usize) {
        const ENVIRONMENT: u32 = 0xa000_0001;
        const TRACKER: u32 = 0xa000_0003;
        const ICON: u32 = 0xa000_0007;
        self.end = at;
        while let Some(size) = u32_at(bytes, at).and_then(|size| usize::try_from(size).ok()) {
            if size < 4 {
                self.end = at.saturating_add(4);
                return;
            }
            let Some(block) = bytes.get(at..at.saturating_add(size)) else {
                return;
            };
            let wide = || {
                block
                    .get(268..788)
                    .map(|text| decoded(text, true))
                    .filter(|text| !text.is_empty())
            };
            let narrow = || {
                block
                    .get(8..268)
                    .map(|text| decoded(text, false))
                    .filter(|text| !text.is_empty())
            };
            match u32_at(block, 4) {
                Some(ENVIRONMENT) => self.environment = wide().or_else(narrow),
                Some(ICON) => self.icon = wide().or_else(narrow).or(self.icon.take()),
                Some(TRACKER) => self.machine = block.get(16..32).map(|text| decoded(text, false)),
                _ => {}
            }
            at = at.saturating_add(size);
            self.end = at;
        }
    }

    fn facts(&self, inside: &mut Inside<'_>) {
        let facts = [
            ("lnk-description", &self.description),
            ("lnk-relative-path", &self.relative_path),
            ("lnk-working-directory", &self.folder),
            ("lnk-command-line-arguments", &self.arguments),
            ("lnk-local-path", &self.local_path),
            ("fullpath", &self.environment),
            ("path", &self.share),
            ("lnk-drive-serial-number", &self.drive),
            ("machine-identifier", &self.machine),
        ];
        for (relation, value) in facts {
            if let Some(value) = value.as_deref().filter(|value| !value.trim().is_empty()) {
                inside.fact(relation, value);
            }
        }
        let window = match self.window {
            3 => "3 (maximised)",
            7 => "7 (minimised)",
            _ => return,
        };
        inside.fact("lnk-show-window-value", window);
    }
}

/// Up to the first zero.
fn decoded(bytes: &[u8], is_wide: bool) -> String {
    if is_wide {
        let units = bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair));
        let units: Vec<u16> = units.take_while(|unit| *unit != 0).collect();
        return String::from_utf16_lossy(&units);
    }
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let text = bytes.get(..end).unwrap_or_default();
    encoding_rs::WINDOWS_1252
        .decode_without_bom_handling(text)
        .0
        .into_owned()
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..)?.first_chunk::<2>()?;
    Some(usize::from(u16::from_le_bytes(*bytes)))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..)?.first_chunk::<4>()?;
    Some(u32::from_le_bytes(*bytes))
}

#[cfg(test)]
#[path = "lnk_tests.rs"]
mod tests;
