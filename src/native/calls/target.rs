//! Whether something can be added to the event that a person named. Asked before the mail is stored, so that a wrong number
//! leaves nothing in the outbox.

use super::{Call, Fault, Kind, Stage};
use crate::config::Settings;
use crate::domain::{Problem, Said, Target};
use crate::misp::client::{MispClient, MispError};

/// Fails with `no_event` if the server does not have it, or the user may not change it; with `not_checked` if the server
/// does not answer now.
pub fn check(call: &Call<'_>, settings: &Settings, event: &str) -> Result<(), Fault> {
    if settings.destination != Target::Misp || settings.misp.url.is_none() || settings.misp.key_source().is_none() {
        return Ok(());
    }
    call.progress(Stage::Asking, 0, 1);
    let client = MispClient::new(settings.misp_settings()?)?;
    let Some(found) = client.find_event(event).map_err(unasked)? else {
        let event = event.to_owned();
        return Err(refused(Problem::NoSuchEvent { event }));
    };
    let me = client.me().map_err(unasked)?;
    if me.may_change(found.organisation_id()) {
        return Ok(());
    }
    Err(refused(Problem::EventNotYours {
        event: found.id.clone(),
        organisation: found.organisation().to_owned(),
    }))
}

fn refused(problem: Problem) -> Fault {
    let said = Box::new(Said::from(problem));
    let words = said.to_string();
    Fault::new(Kind::NoEvent { said }, words)
}

fn unasked(error: MispError) -> Fault {
    if !error.is_temporary() && !error.is_silence() {
        return error.into();
    }
    let said = Box::new(Said::from(&error));
    Fault::new(Kind::NotChecked { said }, error)
}
