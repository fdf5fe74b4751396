//! The table of methods: parameters, result, lane, and the function that answers. To add a method, add a row here, and
//! its function and types in `calls`.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::call::Call;
use super::calls::{
    connection, editor, export, hello, known, message, offer, outbox, preview, send, settings, status, text, within,
};
use super::fault::{Fault, Kind};
use super::json::json;
use super::protocol::{self, Nothing, Outcome, Profile};

/// Which thread answers a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// The thread that reads, before it reads on.
    AtOnce,
    /// A worker that takes mails apart and changes nothing. Nobody waits for the end of a call that was cancelled.
    Reading,
    /// A worker that waits for nothing but this machine.
    Local,
    /// A worker that asks the server something for a person.
    Question,
    /// A worker that delivers events.
    Delivery,
}

pub struct Method {
    pub name: &'static str,
    pub lane: Lane,
    pub run: fn(&Call<'_>, Value) -> Outcome,
}

macro_rules! methods {
    ($($name:literal $lane:ident $params:ty => $result:ty, $function:path;)*) => {
        &[$(Method {
            name: $name,
            lane: Lane::$lane,
            run: |call, params| answer::<$params, $result>(call, params, $function),
        }),*]
    };
}

#[rustfmt::skip]
const METHODS: &[Method] = methods! {
    // method                  lane      parameters                 result                 function
    "hello"                    AtOnce    hello::Hello            => hello::Greeting,       hello::hello;
    "message.begin"            AtOnce    message::Begin          => message::Handle,       message::begin;
    "message.chunk"            AtOnce    message::Chunk          => message::Received,     message::chunk;
    "message.end"              AtOnce    message::Handle         => message::Identity,     message::end;
    "message.discard"          AtOnce    message::Handle         => Nothing,               message::discard;
    "join"                     Local     message::Join           => message::Joined,       message::join;
    "preview"                  Reading   preview::Look           => preview::Preview,      preview::preview;
    "preview.more"             Reading   preview::More           => preview::Page,         preview::more;
    "preview.text"             Reading   text::Read              => text::Pieces,          text::text;
    "preview.within"           Reading   within::Chosen          => within::Inside,        within::within;
    "known"                    Question  known::Asked            => known::Known,          known::known;
    "export"                   Reading   export::Export          => export::Piece,         export::export;
    "send"                     Delivery  send::Send              => send::Sent,            send::send;
    "status"                   Local     Profile                 => status::Status,        status::status;
    "settings.read"            Local     Profile                 => settings::Shown,       settings::read;
    "settings.write"           Local     settings::Changes       => settings::Shown,       settings::write;
    "settings.remove_profile"  Local     settings::RemoveProfile => settings::Shown,       settings::remove_profile;
    "settings.open"            Local     editor::Open            => editor::Opened,        editor::open;
    "connection.test"          Question  connection::Trial       => connection::Connected, connection::test;
    "tags.search"              Question  offer::TagSearch        => offer::TagPage,        offer::tags;
    "sharing_groups"           Question  Profile                 => offer::Groups,         offer::sharing_groups;
    "events.search"            Question  offer::EventSearch      => offer::Events,         offer::events;
    "types"                    Local     offer::OfValue          => offer::Types,          offer::types;
    "outbox.open"              Local     outbox::Open            => outbox::Opened,        outbox::open;
    "outbox.list"              Local     outbox::List            => outbox::Listed,        outbox::list;
    "outbox.retry"             Delivery  outbox::Retry           => outbox::Retried,       outbox::retry;
    "outbox.drop"              Local     outbox::Drop            => outbox::Backlog,       outbox::drop;
};

pub fn find(name: &str) -> Result<&'static Method, Fault> {
    let method = METHODS.iter().find(|method| method.name == name);
    method.ok_or_else(|| Fault::new(Kind::UnknownMethod, format!("there is no method `{name}`")))
}

fn answer<P: DeserializeOwned, R: Serialize>(
    call: &Call<'_>,
    params: Value,
    function: fn(&Call<'_>, P) -> Result<R, Fault>,
) -> Outcome {
    Ok(json(&function(call, protocol::params(params)?)?)?)
}

#[cfg(test)]
#[path = "methods_tests.rs"]
mod tests;
