//! The REST client: one method for each kind of request to a MISP server. The destination decides about the order of
//! requests and about answers. Only this module and the configuration know the API key.
//!
//! It blocks: do not call it inside a tokio runtime.

use std::sync::Mutex;

use reqwest::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::config;
use crate::domain::{Note, Problem, Secret};
use crate::faults;
use crate::misp::json::to_json;

mod account;
mod ask;
mod error;
mod events;
mod fault;
mod http;
mod offer;
mod reply;
/// What fuzzing reaches.
#[cfg(fuzzing)]
pub mod fuzzed {
    /// The bytes as an answer: an event, or an error.
    pub fn answer(bytes: &[u8]) {
        let _ = serde_json::from_slice::<super::wire::Envelope>(bytes);
        let _ = super::reply::words(bytes);
    }
}

#[cfg(test)]
pub(crate) mod script;
#[cfg(test)]
mod tests;
mod trust;
mod wire;

pub use account::{Connection, Me, Role};
pub use ask::{Hit, Known};
pub use error::{ErrorKind, MispError};
pub use events::FoundEvent;
pub use offer::{SharingGroup, Tag};
pub use wire::{StoredAttribute, StoredEvent, StoredObject, StoredReference};

pub type Result<T> = std::result::Result<T, MispError>;

/// How to reach a MISP server.
#[derive(Clone, Debug)]
pub struct MispSettings {
    /// Its address as in a browser, with its folder on the server, if any.
    pub url: String,
    pub key: Secret,
    /// A server takes about 2 s for 1,000 attributes; an attachment on a slow line takes minutes.
    pub options: config::Misp,
}

impl MispSettings {
    /// The usual settings for the server at `url`.
    pub fn new(url: &str, key: Secret) -> Self {
        Self {
            url: url.to_owned(),
            key,
            options: config::Misp::default(),
        }
    }
}

#[derive(Serialize)]
struct FreeText<'a> {
    value: &'a str,
}

/// A MISP server. Before the first request, nothing is opened, loaded or sent.
pub struct MispClient {
    settings: MispSettings,
    base: String,
    http: Mutex<Option<reqwest::blocking::Client>>,
}

impl MispClient {
    /// Fails if the address is not one of a server.
    pub fn new(settings: MispSettings) -> Result<Self> {
        let base = http::base(&settings.url)?;
        Ok(Self {
            settings,
            base,
            http: Mutex::new(None),
        })
    }

    /// Reads the files that the settings name and sets up TLS, as the first request would. Sends nothing.
    pub fn prepare(&self) -> Result<()> {
        self.http().map(drop)
    }

    /// Address of the event's page, for people.
    pub fn event_url(&self, id: &str) -> String {
        format!("{}/events/view/{id}", self.base)
    }

    /// The warning to show each time if the certificate is not checked.
    pub fn warning(&self) -> Option<Note> {
        let noted = || Note::CertificateNotChecked {
            server: self.base.clone(),
        };
        (!self.settings.options.verify).then(noted)
    }

    /// `POST /events/add`. The event may be stored in part even on error, see [`MispError::may_have_arrived`].
    pub fn add_event(&self, envelope: &impl Serialize) -> Result<StoredEvent> {
        self.call::<wire::Envelope>(&Method::POST, "/events/add", Some(envelope))
            .map(|envelope| envelope.event)
    }

    /// `POST /events/edit`. The uuid in the body decides which event MISP edits.
    pub fn edit_event(&self, uuid: Uuid, envelope: &impl Serialize) -> Result<StoredEvent> {
        let path = format!("/events/edit/{uuid}");
        self.call::<wire::Envelope>(&Method::POST, &path, Some(envelope))
            .map(|envelope| envelope.event)
    }

    /// `HEAD /events/view`: whether there is an event that this user may see. Cheap even for the largest ones.
    pub fn event_exists(&self, uuid: Uuid) -> Result<bool> {
        match self.send(&Method::HEAD, &format!("/events/view/{uuid}"), None::<&()>) {
            Ok(_) => Ok(true),
            Err(error) if error.kind == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// `GET /events/view`, by numeric id or uuid.
    pub fn view_event(&self, id: &str) -> Result<StoredEvent> {
        let response = self.send(&Method::GET, &format!("/events/view/{id}"), None::<&()>)?;
        let now = account::date_of(&response);
        let envelope: wire::Envelope = self.parse(response)?;
        let age = now.map(|now| now.saturating_sub(envelope.event.timestamp));
        Ok(StoredEvent { age, ..envelope.event })
    }

    /// `POST /events/publish`.
    pub fn publish_event(&self, uuid: Uuid) -> Result<()> {
        self.send(&Method::POST, &format!("/events/publish/{uuid}"), None::<&()>)
            .map(drop)
    }

    /// `POST /events/freeTextImport`: MISP reads the text itself and adds what it finds, except for what is on a
    /// warninglist. Returns the values of the new attributes.
    pub fn import_free_text(&self, event_id: &str, text: &str) -> Result<Vec<String>> {
        let found: Vec<wire::Imported> = self.call(
            &Method::POST,
            &format!("/events/freeTextImport/{event_id}/1"),
            Some(&FreeText { value: text }),
        )?;
        Ok(found.into_iter().map(wire::Imported::value).collect())
    }

    fn call<T: DeserializeOwned>(&self, method: &Method, path: &str, body: Option<&impl Serialize>) -> Result<T> {
        self.parse(self.send(method, path, body)?)
    }

    fn parse<T: DeserializeOwned>(&self, response: reqwest::blocking::Response) -> Result<T> {
        reply::parse(response, &self.base).map_err(|error| error.without(&self.settings.key))
    }

    /// Sends one request. A status that is not a success becomes an error.
    fn send(&self, method: &Method, path: &str, body: Option<&impl Serialize>) -> Result<reqwest::blocking::Response> {
        let mut request = self.http()?.request(method.clone(), format!("{}{path}", self.base));
        // One deadline for all, from the connection to the end of the answer. That of the client would begin anew with each read.
        request = request.timeout(self.settings.options.timeout);
        let mut size = 0;
        if let Some(body) = body {
            let bytes = to_json(body).map_err(|error| {
                let error = error.to_string();
                ErrorKind::Settings.because(Problem::NoJson { error })
            })?;
            size = bytes.len();
            request = request
                .header(reqwest::header::CONTENT_TYPE, "application/json")
                .body(bytes);
        }
        faults::point("http.send").map_err(|error| {
            let (server, error) = (self.base.clone(), error.to_string());
            ErrorKind::Unreachable.because(Problem::NoConnection { server, error })
        })?;
        let response = request
            .send()
            .map_err(|error| http::explain(error, &self.base, self.settings.options.timeout))?;
        faults::point("http.answer").map_err(|error| {
            let (server, error) = (self.base.clone(), error.to_string());
            ErrorKind::Interrupted.because(Problem::ConnectionBroke { server, error })
        })?;
        if response.status().is_success() {
            Ok(response)
        } else {
            Err(reply::refusal(response, &self.base, size).without(&self.settings.key))
        }
    }
}
