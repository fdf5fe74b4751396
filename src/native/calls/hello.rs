//! `hello`, the first call: finds out whether the two sides fit.

use serde::{Deserialize, Serialize};

use super::message::largest;
use super::{Call, Fault, Kind, NEWEST, OLDEST, PROGRAM, Range, messages, object};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    extension: String,
    #[serde(deserialize_with = "object")]
    protocol: Range,
}

#[derive(Serialize)]
pub struct Greeting {
    host: &'static str,
    protocol: u32,
    limits: Limits,
}

#[derive(Serialize)]
struct Limits {
    message: u64,
    chunk: usize,
    messages: usize,
}

pub fn hello(call: &Call<'_>, Hello { extension, protocol }: Hello) -> Result<Greeting, Fault> {
    let Range { min, max } = protocol;
    let common = max.min(NEWEST);
    if common < min.max(OLDEST) {
        let which = if max < OLDEST { "the extension" } else { "mispigeon" };
        let words = format!(
            "{which} is too old: extension {extension} speaks versions {min} to {max} of the protocol, mispigeon {PROGRAM} \
             {OLDEST} to {NEWEST}"
        );
        let ours = Range {
            min: OLDEST,
            max: NEWEST,
        };
        let kind = Kind::Incompatible {
            host: PROGRAM,
            protocol: ours,
        };
        return Err(Fault::new(kind, words));
    }
    call.session.greet();
    Ok(Greeting {
        host: PROGRAM,
        protocol: common,
        limits: Limits {
            message: largest(call),
            chunk: messages::LARGEST_CHUNK,
            messages: messages::AT_A_TIME,
        },
    })
}
