//! `tags.search`, `sharing_groups`, `events.search` and `types`: what a person can choose from in a review. All texts of the
//! server have the key cut out, because some servers repeat it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Call, Fault, Kind, Profile, Stage};
use crate::config::Settings;
use crate::domain::{PapLevel, Secret, TlpLevel};
use crate::misp::attribute_type::{self, AttributeType};
use crate::misp::client::{FoundEvent, MispClient, Tag};
use crate::misp::value;

/// Most tags or events in one answer.
const MOST: usize = 100;

/// Longest title of an event, in characters.
const TITLE: usize = 300;

/// Fewest and most characters to search tags by.
const SEARCHED: std::ops::RangeInclusive<usize> = 2..=100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TagSearch {
    #[serde(default)]
    profile: Option<String>,
    words: String,
    #[serde(default)]
    offset: usize,
    limit: usize,
}

#[derive(Serialize)]
pub struct TagPage {
    tags: Vec<Offered>,
    next: Option<usize>,
    /// Whether the tags are those of a server.
    asked: bool,
}

/// A tag with its colour on the server.
#[derive(Clone, Serialize)]
pub struct Offered {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    colour: Option<String>,
}

#[derive(Serialize)]
pub struct Groups {
    groups: Vec<Group>,
}

#[derive(Serialize)]
struct Group {
    id: u32,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventSearch {
    #[serde(default)]
    profile: Option<String>,
    /// A number, a uuid or words of the title; empty for the latest events.
    words: String,
    limit: usize,
}

#[derive(Serialize)]
pub struct Events {
    events: Vec<FoundOne>,
}

#[derive(Serialize)]
struct FoundOne {
    event_id: String,
    uuid: uuid::Uuid,
    info: String,
    date: String,
    organisation: String,
    published: bool,
    url: String,
    /// Whether the user may add to it.
    open: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfValue {
    r#type: String,
    value: String,
}

#[derive(Serialize)]
pub struct Types {
    types: Vec<Type>,
}

#[derive(Serialize)]
struct Type {
    r#type: &'static str,
    /// The default category first.
    categories: Vec<&'static str>,
}

/// A client, unless no server is set.
fn client(settings: &Settings) -> Result<Option<(MispClient, Secret)>, Fault> {
    if settings.misp.url.is_none() || settings.misp.key_source().is_none() {
        return Ok(None);
    }
    let misp = settings.misp_settings()?;
    let key = misp.key.clone();
    Ok(Some((MispClient::new(misp)?, key)))
}

fn limited(limit: usize) -> Result<usize, Fault> {
    if (1..=MOST).contains(&limit) {
        Ok(limit)
    } else {
        Err(Fault::new(Kind::Invalid, format!("`limit` is from 1 to {MOST}")))
    }
}

pub fn tags(call: &Call<'_>, asked: TagSearch) -> Result<TagPage, Fault> {
    call.check()?;
    let TagSearch {
        profile,
        words,
        offset,
        limit,
    } = asked;
    let limit = limited(limit)?;
    let words = words.trim().to_lowercase();
    if !SEARCHED.contains(&words.chars().count()) {
        let (least, most) = (SEARCHED.start(), SEARCHED.end());
        let problem = format!("`words` has {least} to {most} characters");
        return Err(Fault::new(Kind::Invalid, problem));
    }
    let settings = call.settings(profile.as_deref())?;
    let (all, asked) = match client(&settings)? {
        None => (Arc::new(known_tags(&settings, &words)), false),
        Some((client, key)) => (of_server(call, &client, &key, &settings, &words)?, true),
    };
    let tags: Vec<Offered> = all.iter().skip(offset).take(limit).cloned().collect();
    let next = offset.saturating_add(tags.len());
    Ok(TagPage {
        tags,
        next: (next < all.len()).then_some(next),
        asked,
    })
}

/// The server's tags, or its answer of less than a minute ago.
fn of_server(
    call: &Call<'_>,
    client: &MispClient,
    key: &Secret,
    settings: &Settings,
    words: &str,
) -> Result<Arc<Vec<Offered>>, Fault> {
    let server = settings.misp.url.as_ref().map(ToString::to_string);
    let question = (server.unwrap_or_default(), words.to_owned());
    if let Some(tags) = call.session.tags.get(&question) {
        return Ok(tags);
    }
    call.progress(Stage::Asking, 0, 1);
    let found = client.tags_with(words)?;
    let usable = found.into_iter().filter(|tag| tag.exportable && !tag.hide_tag);
    let mut tags: Vec<Offered> = usable.map(|tag| offered(&tag, key)).collect();
    // What begins so comes first.
    tags.sort_by_cached_key(|tag| {
        let name = tag.name.to_lowercase();
        (!name.starts_with(words), name)
    });
    let tags = Arc::new(tags);
    call.session.tags.keep(question, Arc::clone(&tags));
    Ok(tags)
}

fn offered(tag: &Tag, key: &Secret) -> Offered {
    let colour = &tag.colour;
    let is_colour = colour.len() == 7
        && colour
            .strip_prefix('#')
            .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    Offered {
        name: key.hide_in(&tag.name),
        colour: is_colour.then(|| colour.clone()),
    }
}

/// Tags that need no server: the levels of TLP and PAP, and those of the settings.
fn known_tags(settings: &Settings, words: &str) -> Vec<Offered> {
    let of_subject = settings.tags.by_subject.iter().flat_map(|(_, tags)| tags);
    let implied = settings.tags.implied.iter().flat_map(|(_, tags)| tags);
    let configured = settings.event.tags.iter().chain(&settings.tags.with_hashes);
    let configured = configured.chain(of_subject).chain(implied).map(String::as_str);
    let all = TlpLevel::TAGS.into_iter().chain(PapLevel::NAMES.iter().copied());
    let mut known = std::collections::BTreeSet::new();
    let fitting = all.chain(configured).filter(|tag| tag.to_lowercase().contains(words));
    fitting
        .filter(|tag| known.insert(*tag))
        .map(|tag| Offered {
            name: tag.to_owned(),
            colour: None,
        })
        .collect()
}

pub fn sharing_groups(call: &Call<'_>, Profile { profile }: Profile) -> Result<Groups, Fault> {
    call.check()?;
    let settings = call.settings(profile.as_deref())?;
    let Some((client, key)) = client(&settings)? else {
        return Ok(Groups { groups: Vec::new() });
    };
    call.progress(Stage::Asking, 0, 1);
    let found = client.sharing_groups()?.into_iter().take(MOST);
    let groups = found.filter_map(|group| {
        Some(Group {
            id: group.id.parse().ok()?,
            name: key.hide_in(&group.name),
        })
    });
    Ok(Groups {
        groups: groups.collect(),
    })
}

pub fn events(call: &Call<'_>, asked: EventSearch) -> Result<Events, Fault> {
    call.check()?;
    let EventSearch { profile, words, limit } = asked;
    let limit = limited(limit)?;
    let settings = call.settings(profile.as_deref())?;
    let Some((client, key)) = client(&settings)? else {
        return Ok(Events { events: Vec::new() });
    };
    call.progress(Stage::Asking, 0, 1);
    let words: Vec<String> = words.split_whitespace().map(plain).collect();
    let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let mut found = match words.as_slice() {
        [reference] => client.find_event(reference)?.into_iter().collect(),
        _ => Vec::new(),
    };
    let titled = client.events_titled(&words, MOST, 1)?;
    let others = titled
        .into_iter()
        .filter(|event| found.iter().all(|one: &FoundEvent| one.uuid != event.uuid));
    let others: Vec<FoundEvent> = others.collect();
    found.extend(others);
    found.truncate(limit);
    let me = client.me()?;
    let events = found.iter().map(|event| FoundOne {
        event_id: key.hide_in(&event.id),
        uuid: event.uuid,
        info: key.hide_in(&event.info).chars().take(TITLE).collect(),
        date: key.hide_in(&event.date),
        organisation: key.hide_in(event.organisation()),
        published: event.published,
        url: key.hide_in(&client.event_url(&event.id)),
        open: me.may_change(event.organisation_id()),
    });
    Ok(Events {
        events: events.collect(),
    })
}

/// The word without what MISP's filters read as "not", "or" and "anything".
fn plain(word: &str) -> String {
    word.trim_start_matches(['!', '#']).replace(['|', '%'], "")
}

pub fn types(call: &Call<'_>, OfValue { r#type, value }: OfValue) -> Result<Types, Fault> {
    call.check()?;
    let accepts = |known: &&AttributeType| {
        let stored = value::normalise(known.name, &value);
        !known.is_file() && attribute_type::check(known.name, known.default_category, &stored).is_ok()
    };
    let mut types: Vec<Type> = AttributeType::all().filter(accepts).map(of_type).collect();
    types.sort_by_key(|one| (one.r#type != r#type, one.r#type));
    Ok(Types { types })
}

fn of_type(known: &AttributeType) -> Type {
    Type {
        r#type: known.name,
        categories: known.categories().collect(),
    }
}
