//! What each stage takes from the settings, in the stage's own terms.

use crate::config::{ConfigError, Settings};
use crate::destination::feed::Feed;
use crate::domain::Problem;
use crate::event::BuildSettings;
use crate::indicator;
use crate::mail::Limits;
use crate::misp::client::MispSettings;

impl Settings {
    /// For the `mail` stage.
    pub fn limits(&self) -> Limits {
        Limits {
            size: self.mail.max_size,
            depth: self.mail.depth,
            forward_markers: self.mail.forward_markers.clone(),
        }
    }

    /// For the `indicator` stage.
    pub fn indicator_options(&self) -> indicator::Options {
        indicator::Options {
            ignore_lines: self.text.ignore_lines.clone(),
            stop_word: self.text.stop_word.clone(),
        }
    }

    /// For building the event.
    pub fn build_settings(&self) -> BuildSettings {
        BuildSettings {
            sighting_source: self.sightings.enabled.then(|| self.sightings.source.clone()),
            report: self.event.report,
            free_text: self.misp.freetext,
        }
    }

    /// For the server; reads the key, which may be in a file or come from a command.
    pub fn misp_settings(&self) -> Result<MispSettings, ConfigError> {
        let url = self
            .misp
            .url
            .as_deref()
            .ok_or(ConfigError::Missing(Problem::NoServer))?;
        let key = self.misp.key.as_ref().ok_or(ConfigError::Missing(Problem::NoKey))?;
        Ok(MispSettings {
            verify: self.misp.verify,
            ca_file: self.misp.ca_file.clone(),
            client_cert: self.misp.client_cert.clone(),
            client_key: self.misp.client_key.clone(),
            timeout: self.misp.timeout,
            ..MispSettings::new(url, key.read()?)
        })
    }

    /// The feed folder.
    pub fn feed(&self) -> Feed {
        Feed::new(&self.paths.feed, &self.feed.org).with_organisation_uuid(self.feed.org_uuid)
    }
}
