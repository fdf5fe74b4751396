//! Servers that answer nothing, or whose key cannot be had. For a while their rows are put off without another question, so that
//! rows for other places do not wait for one time-out after the other.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::outcome::Obstacle;
use super::{Claim, Courier, Delivery};
use crate::config::Settings;
use crate::destination::DeliveryError;
use crate::domain::{Said, Target};
use crate::misp::client::MispClient;
use crate::outbox::OutboxError;
use crate::pipeline::enrichment::Listed;

/// How long a server is left alone at first. Each further failure doubles it.
const FIRST: Duration = Duration::from_mins(1);

/// Longest time without a question. Nobody tells us that a server is back.
const LONGEST: Duration = Duration::from_mins(15);

/// The row that was asked in vain is due this long after those that were not, so that another one is asked first the next time: if
/// its mail is to blame, it keeps no other from being delivered.
const AFTER_OTHERS: Duration = Duration::from_secs(2);

/// What deliveries of a process learn about servers.
#[derive(Default)]
pub struct Silent(Mutex<Vec<Server>>);

struct Server {
    settings: Arc<Settings>,
    obstacle: Obstacle,
    /// How often in a row it was asked in vain.
    times: u32,
    until: Instant,
}

impl Silent {
    /// Why the server of these settings is not asked now, and for how long.
    pub(super) fn why(&self, settings: &Settings) -> Option<(Obstacle, Duration)> {
        self.why_at(settings, Instant::now())
    }

    /// Remembers that the server was asked in vain. Returns for how long it is left alone.
    pub(super) fn note(&self, settings: &Arc<Settings>, obstacle: &Obstacle) -> Duration {
        self.note_at(settings, obstacle, Instant::now())
    }

    /// Remembers that the server answers.
    pub(super) fn answers(&self, settings: &Settings) {
        self.lock().retain(|server| !server.is_of(settings));
    }

    /// To be called when something may be mended.
    pub(super) fn forget(&self) {
        self.lock().clear();
    }

    fn why_at(&self, settings: &Settings, now: Instant) -> Option<(Obstacle, Duration)> {
        let servers = self.lock();
        let server = servers.iter().find(|server| server.is_of(settings))?;
        let rest = server.until.saturating_duration_since(now);
        (!rest.is_zero()).then(|| (server.obstacle.clone(), rest))
    }

    fn note_at(&self, settings: &Arc<Settings>, obstacle: &Obstacle, now: Instant) -> Duration {
        let mut servers = self.lock();
        let known = servers.iter().position(|server| server.is_of(settings));
        let times = match known.map(|at| servers.swap_remove(at)) {
            // Several threads asked at the same time.
            Some(server) if server.until > now => server.times,
            Some(server) => server.times.saturating_add(1),
            None => 0,
        };
        let wait = FIRST.saturating_mul(1 << times.min(10)).min(LONGEST);
        servers.push(Server {
            settings: Arc::clone(settings),
            obstacle: obstacle.clone(),
            times,
            until: now + wait,
        });
        wait
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Server>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Courier<'_> {
    /// Shares what is known of servers with other couriers of the process.
    #[must_use]
    pub fn with_silent(self, silent: &Arc<Silent>) -> Self {
        let silent = Arc::clone(silent);
        Self { silent, ..self }
    }

    /// Puts the row off if its server answered nothing a moment ago.
    pub(super) fn put_off_if_silent(
        &self,
        claim: &Claim,
        target: Target,
        settings: &Settings,
    ) -> Result<Option<Delivery>, OutboxError> {
        let Some((obstacle, rest)) = self.silent.why(settings).filter(|_| target == Target::Misp) else {
            return Ok(None);
        };
        let obstacle = obstacle.worded();
        let (problem, is_for_somebody) = obstacle.problem();
        self.outbox.put_off_untried(claim, problem, rest, is_for_somebody)?;
        Ok(Some(Delivery::given_up(claim.id, obstacle, None)))
    }

    /// What a failed delivery means for its row and for others of its destination.
    pub(super) fn noted(&self, target: Target, settings: &Arc<Settings>, error: DeliveryError) -> Obstacle {
        let is_silence = error.is_silence();
        let obstacle = Obstacle::from(error);
        if !is_silence {
            self.note_answer(target, settings);
            return obstacle;
        }
        let wait = self.silent.note(settings, &obstacle);
        match obstacle {
            Obstacle::Temporary(problem, after) => Obstacle::Temporary(problem, after.max(Some(wait + AFTER_OTHERS))),
            other => other,
        }
    }

    pub(super) fn note_answer(&self, target: Target, settings: &Settings) {
        if target == Target::Misp {
            self.silent.answers(settings);
        }
    }

    /// Asks the server's warninglists, unless it is silent.
    pub(super) fn ask_lists(&self, settings: &Arc<Settings>, values: &[String]) -> Result<Listed, Said> {
        if let Some((obstacle, _)) = self.silent.why(settings) {
            return Err(obstacle.problem().0.clone());
        }
        let server = settings.misp_settings().map_err(|error| {
            let problem = Said::from(&error);
            self.silent.note(settings, &Obstacle::of_settings(problem.clone()));
            problem
        })?;
        let listed = MispClient::new(server).and_then(|client| client.check_warninglists(values));
        listed.map_err(|error| {
            let problem = Said::from(&error);
            if error.is_silence() {
                self.silent.note(settings, &DeliveryError::from(error).into());
            }
            problem
        })
    }
}

impl Server {
    fn is_of(&self, settings: &Settings) -> bool {
        self.settings.misp.is_same_server(&settings.misp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Problem;

    #[test]
    fn a_server_is_left_alone_for_longer_each_time_until_it_answers() {
        let silent = Silent::default();
        let settings = Arc::new(Settings::default());
        let obstacle = Obstacle::Temporary(Problem::StillStoring.into(), None);
        let mut now = Instant::now();
        assert!(silent.why_at(&settings, now).is_none());
        for minutes in [1, 2, 4, 8, 15, 15] {
            let wait = Duration::from_mins(minutes);
            assert_eq!(silent.note_at(&settings, &obstacle, now), wait);
            // A second thread that asked meanwhile says nothing new.
            assert_eq!(silent.note_at(&settings, &obstacle, now), wait);
            assert_eq!(silent.why_at(&settings, now).map(|(_, rest)| rest), Some(wait));
            now += wait;
            assert!(silent.why_at(&settings, now).is_none());
        }
        silent.note_at(&settings, &obstacle, now);
        silent.answers(&settings);
        assert!(silent.why_at(&settings, now).is_none());
        assert_eq!(silent.note_at(&settings, &obstacle, now), FIRST);
        silent.forget();
        assert!(silent.why_at(&settings, now).is_none());
    }

    #[test]
    fn another_server_and_another_key_are_asked() {
        let of = |misp: &str| {
            let config =
                crate::config::Config::parse(std::path::Path::new("c.toml"), &format!("[misp]\n{misp}")).unwrap();
            config.settings(None).unwrap()
        };
        let silent = Silent::default();
        let obstacle = Obstacle::Temporary(Problem::StillStoring.into(), None);
        let settings = of("url = 'https://a.example'\nkey_command = ['pass', 'a']");
        silent.note(&settings, &obstacle);
        for same in ["", "\ntimeout = 5"] {
            let same = of(&format!("url = 'https://a.example'\nkey_command = ['pass', 'a']{same}"));
            assert!(silent.why(&same).is_some());
        }
        for other in [
            "url = 'https://b.example'\nkey_command = ['pass', 'a']",
            "url = 'https://a.example'\nkey_command = ['pass', 'b']",
            "url = 'https://a.example'\nkey_command = ['pass', 'a']\nca_file = '/ca.pem'",
        ] {
            assert!(silent.why(&of(other)).is_none(), "{other}");
        }
    }
}
