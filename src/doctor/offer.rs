//! Checks that the server has what a profile needs: tags, enabled warninglists, the sharing group.

use std::collections::{BTreeMap, BTreeSet};

use super::check::Check;
use super::words;
use crate::config::Settings;
use crate::domain::TlpLevel;
use crate::misp::client::{Me, MispClient, MispError, Tag};

/// `me` is the user of the key.
pub(super) fn examine(client: &MispClient, me: &Me, settings: &Settings) -> Vec<Check> {
    let mut checks = vec![tags(client, me, settings), warninglists(client, settings)];
    if settings.event.distribution == 4 {
        checks.push(sharing_group(client, settings));
    }
    checks
}

fn unanswered(id: &'static str, error: &MispError) -> Check {
    Check::warning(
        id,
        error.to_string(),
        "try again; if that does not help, look into the server's logs",
    )
}

fn tags(client: &MispClient, me: &Me, settings: &Settings) -> Check {
    let id = "tags";
    if !me.role.perm_tagger {
        return Check::skipped(id, "this user may not tag");
    }
    let (always, sometimes) = names(settings);
    let asked: Vec<String> = always.union(&sometimes).cloned().collect();
    let found = match client.tags(&asked) {
        Ok(found) => found,
        Err(error) => return unanswered(id, &error),
    };
    let found: BTreeMap<String, Tag> = found.into_iter().map(|tag| (tag.name.to_lowercase(), tag)).collect();
    let lost = |names: &BTreeSet<String>| -> Vec<String> {
        let lost = |name: &String| obstacle(found.get(&name.to_lowercase()), me).map(|why| format!("{name} ({why})"));
        names.iter().filter_map(lost).collect()
    };
    let (of_all, of_some) = (lost(&always), lost(&sometimes));
    let next = "ask the server's administrator to add them (those of TLP by enabling its taxonomy), or to open them to your \
                organisation and for export, or take them out of the configuration";
    let what = |lost: &[String]| {
        format!(
            "the server drops these from events and does not say so: {}",
            lost.join(", ")
        )
    };
    match (of_all.as_slice(), of_some.as_slice()) {
        ([], []) => {}
        ([], some) => return Check::warning(id, what(some), next),
        (all, some) => return Check::problem(id, what(&[all, some].concat()), next),
    }
    let missing = asked
        .iter()
        .filter(|name| !found.contains_key(&name.to_lowercase()))
        .count() as u64;
    let number = words::count(asked.len() as u64, "tag");
    Check::ok(
        id,
        if missing == 0 {
            format!("the server has all {number} of this profile")
        } else {
            format!("this profile has {number}, of which {missing} are made on the server when first used")
        },
    )
}

/// Why the server would not put a tag on an event.
fn obstacle(tag: Option<&Tag>, me: &Me) -> Option<&'static str> {
    match tag {
        None if me.role.perm_tag_editor => None,
        None => Some("is not there, and this user may not make it"),
        Some(tag) if !tag.exportable => Some("is not for export"),
        Some(tag)
            if !matches!(tag.org_id.as_str(), "" | "0")
                && tag.org_id != me.organisation_id
                && !me.role.perm_site_admin =>
        {
            Some("is for another organisation")
        }
        Some(_) => None,
    }
}

/// Tags of every event, with the default TLP tag, and tags that depend on the mail. Leaves out names with `%`, because
/// MISP's search takes that for a wildcard.
fn names(settings: &Settings) -> (BTreeSet<String>, BTreeSet<String>) {
    let is_askable = |name: &String| !name.trim().is_empty() && !name.contains('%');
    let of_event = settings.event.tags.iter().filter(|name| is_askable(name)).cloned();
    let always: BTreeSet<String> = of_event.chain([settings.tlp.default.tag().to_owned()]).collect();
    let sometimes = settings
        .rules
        .iter()
        .flat_map(|rule| &rule.tags)
        .filter(|name| is_askable(name))
        .cloned()
        .chain(TlpLevel::TAGS.map(str::to_owned))
        .filter(|name| !always.contains(name))
        .collect();
    (always, sometimes)
}

fn warninglists(client: &MispClient, settings: &Settings) -> Check {
    let id = "warninglists";
    if !settings.warninglists.enforce && !settings.warninglists.look_up {
        return Check::skipped(id, "this profile does not use them");
    }
    match client.warninglists() {
        Ok((all, 0)) => {
            let what = format!("none of {all} is enabled, so the server knows no harmless values");
            let next = "ask the server's administrator to enable some (Input Filters, Warninglists)";
            Check::warning(id, what, next)
        }
        Ok((all, enabled)) => Check::ok(id, format!("{enabled} of {all} are enabled")),
        Err(error) => unanswered(id, &error),
    }
}

fn sharing_group(client: &MispClient, settings: &Settings) -> Check {
    let id = "sharing-group";
    let wanted = settings
        .event
        .sharing_group
        .map_or_else(String::new, |id| id.to_string());
    let groups = match client.sharing_groups() {
        Ok(groups) => groups,
        Err(error) => return unanswered(id, &error),
    };
    if let Some(group) = groups.iter().find(|group| group.id == wanted) {
        return Check::ok(id, format!("{wanted}, {}", group.name));
    }
    let usable: Vec<String> = groups
        .iter()
        .map(|group| format!("{} ({})", group.id, group.name))
        .collect();
    let usable = if usable.is_empty() {
        "none".to_owned()
    } else {
        usable.join(", ")
    };
    let what =
        format!("{wanted} is not there, or this user's organisation is not in it: the server refuses every event");
    let next =
        format!("set `event.sharing_group` to one that this user may use (there is {usable}), or another distribution");
    Check::problem(id, what, next)
}
