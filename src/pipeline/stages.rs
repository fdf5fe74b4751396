//! What each stage takes from the settings, in the stage's own terms.

use crate::config::{ConfigError, Settings};
use crate::destination::feed::Feed;
use crate::domain::Problem;
use crate::misp::client::MispSettings;
use crate::policy;

impl Settings {
    /// For the `policy` stage.
    pub fn policy(&self) -> policy::Sections<'_> {
        policy::Sections {
            attachments: &self.attachments,
            event: &self.event,
            hosts: &self.hosts,
            tags: &self.tags,
            text: &self.text,
            tlp: &self.tlp,
            warninglists: &self.warninglists,
        }
    }

    /// For the server; reads the key, which may be in a file or come from a command.
    pub fn misp_settings(&self) -> Result<MispSettings, ConfigError> {
        let url = self
            .misp
            .url
            .as_deref()
            .ok_or(ConfigError::Missing(Problem::NoServer))?;
        let key = self.misp.key_source().ok_or(ConfigError::Missing(Problem::NoKey))?;
        Ok(MispSettings {
            url: url.to_owned(),
            key: key.read()?,
            options: self.misp.clone(),
        })
    }

    /// The feed folder.
    pub fn feed(&self) -> Feed {
        Feed::new(&self.paths.feed, &self.feed.org).with_organisation_uuid(self.feed.org_uuid)
    }
}
