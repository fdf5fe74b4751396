//! The sections of the settings that each stage takes.

use crate::config::{ConfigError, Settings};
use crate::destination::feed::Feed;
use crate::domain::{Overrides, Problem, Target, TlpLevel};
use crate::misp::client::MispSettings;
use crate::policy;

impl Settings {
    pub fn policy(&self) -> policy::Sections<'_> {
        policy::Sections {
            attachments: &self.attachments,
            event: &self.event,
            hosts: &self.hosts,
            rules: &self.rules,
            tags: &self.tags,
            text: &self.text,
            tlp: &self.tlp,
            warninglists: &self.warninglists,
        }
    }

    /// The server and its key. Reads the key, which may be in a file or come from a command.
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

    /// Why an event with this marking is not written into the feed: others may pull a folder that a setting names, and a MISP
    /// gives what it pulls the distribution of the feed.
    pub fn keeps_out_of_feed(&self, level: Option<TlpLevel>, overrides: &Overrides) -> Option<Problem> {
        let folder = self.feed.dir.as_ref().filter(|_| !self.feed.red)?;
        let is_chosen = overrides.destination.is_some() || overrides.distribution.is_some();
        let is_kept = level == Some(TlpLevel::Red) && self.destination == Target::Feed && !is_chosen;
        is_kept.then(|| Problem::RedNotInFeed {
            folder: folder.display().to_string(),
        })
    }

    pub fn feed(&self) -> Feed {
        Feed::new(&self.paths.feed, &self.feed.org).with_organisation_uuid(self.feed.org_uuid)
    }
}
