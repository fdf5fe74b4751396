//! Checks who else can change what waits in the outbox. What is plainly wrong is closed, or refused, when the database is opened.

use super::check::Check;
use crate::config::Settings;
use crate::config::trust;

const ID: &str = "data-rights";

pub(super) fn examine(settings: &Settings) -> Check {
    let (folder, database) = (&settings.paths.data, &settings.paths.state_db);
    let path = if database.exists() { database } else { folder };
    let Some(doubt) = trust::doubt(path, trust::user_of(folder), trust::GROUP) else {
        return Check::ok(ID, "only this user and root can change what waits in the outbox");
    };
    let what = format!(
        "others can change {}, and with it what is sent: {doubt}",
        path.display()
    );
    let next = format!(
        "run: chmod go-w {}; folder, file and the folders above have to belong to this user or root, and be writable by nobody else",
        crate::config::quoted(folder)
    );
    Check::warning(ID, what, next)
}
