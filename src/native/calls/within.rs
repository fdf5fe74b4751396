//! `preview.within`: which items of the last preview stand in what a person has chosen in the mail, a stretch of its text or a
//! link.

use serde::{Deserialize, Serialize};

use super::{Call, Fault};
use crate::pipeline::within;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chosen {
    message: String,
    #[serde(default)]
    text: String,
    /// The target as the mail program gives it.
    link: Option<String>,
}

#[derive(Serialize)]
pub struct Inside {
    /// Numbers of items, rising.
    items: Vec<usize>,
}

pub fn within(call: &Call<'_>, Chosen { message, text, link }: Chosen) -> Result<Inside, Fault> {
    let reviewed = call.session.messages.get(&message)?.reviewed()?;
    let settings = call.settings(reviewed.profile.as_deref())?;
    let mut items = within::in_text(&reviewed.items, &text, &settings);
    items.extend(
        link.iter()
            .flat_map(|link| within::in_link(&reviewed.items, link, &settings)),
    );
    items.sort_unstable();
    items.dedup();
    Ok(Inside { items })
}
