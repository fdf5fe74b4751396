//! Uuids that follow from content: the same mail under the same profile gives the same event, from whatever machine.

use uuid::Uuid;

use crate::domain::Sha256;

/// Namespace of all uuids that MISPigeon derives: the `UUIDv5` of `mispigeon` in the URL namespace.
const NAMESPACE: Uuid = Uuid::from_u128(0x5521_a8b8_72b2_5788_b007_c2d7_9568_5b83);

/// Derives an event's uuid from the canonical mail, the profile and, if something is added to an existing event, that
/// event. Without the last, MISP would drop attributes whose uuid is already in another event, and would not say so.
pub fn event(identity: Sha256, profile: Option<&str>, add_to: Option<&str>) -> Uuid {
    let name = format!(
        "event\0{identity}\0{}\0{}",
        profile.unwrap_or_default(),
        add_to.unwrap_or_default()
    );
    Uuid::new_v5(&NAMESPACE, name.as_bytes())
}

/// Derives a uuid below `parent` from the parts that distinguish it from its siblings.
pub fn below(parent: Uuid, parts: &[&str]) -> Uuid {
    Uuid::new_v5(&parent, parts.join("\0").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_profile_and_target_each_make_another_event() {
        let (one, two) = (Sha256::of(b"one"), Sha256::of(b"two"));
        let uuids = [
            event(one, None, None),
            event(two, None, None),
            event(one, Some("cert"), None),
            event(one, None, Some("7")),
        ];
        for (index, uuid) in uuids.iter().enumerate() {
            assert!(!uuids[..index].contains(uuid), "{index}");
        }
        assert_eq!(event(one, None, None), event(Sha256::of(b"one"), None, None));
    }
}
