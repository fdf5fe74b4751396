//! The first call: do the two sides fit?

use serde_json::{Value, json};

use super::fault::Fault;
use super::protocol::{Hello, NEWEST, OLDEST, Range};
use super::session::{self, Host};
use crate::config::{Config, Settings};

/// Agrees on a version of the protocol.
pub fn hello(host: &Host, params: Value) -> Result<Value, Fault> {
    let hello: Hello = session::read(params)?;
    let common = hello.protocol.max.min(NEWEST);
    if common < hello.protocol.min.max(OLDEST) {
        let which = if hello.protocol.max < OLDEST {
            "the extension is too old"
        } else {
            "mispigeon is too old"
        };
        let words = format!(
            "{which}: extension {} speaks versions {} to {} of the protocol, mispigeon {} {OLDEST} to {NEWEST}",
            hello.extension,
            hello.protocol.min,
            hello.protocol.max,
            env!("CARGO_PKG_VERSION"),
        );
        return Err(Fault::new("incompatible", words).with(|data| {
            data.host = Some(env!("CARGO_PKG_VERSION"));
            data.protocol = Some(Range {
                min: OLDEST,
                max: NEWEST,
            });
        }));
    }
    Ok(json!({
        "host": env!("CARGO_PKG_VERSION"),
        "protocol": common,
        "limits": session::limits(host),
    }))
}

/// Largest message in bytes. A configuration that cannot be read is told about where it is needed.
pub fn message_limit(host: &Host) -> u64 {
    let settings = Config::load(host.config.as_deref()).and_then(|config| config.profile(None));
    settings.unwrap_or_else(|_| Settings::default()).mail.max_size as u64
}
