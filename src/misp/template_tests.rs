use super::*;

#[test]
fn every_template_is_read_and_its_types_and_categories_are_known() {
    for (name, ..) in TEMPLATES {
        let template = Template::get(name);
        assert_eq!(template.name, *name);
        assert!(template.uuid.parse::<uuid::Uuid>().is_ok() && template.version > 0);
        for (relation, facts) in template.relations() {
            let known = AttributeType::find(&facts.r#type).unwrap_or_else(|| panic!("{name}.{relation}"));
            assert!(known.allows(facts.category()), "{name}.{relation}");
        }
    }
}

#[test]
fn a_relation_says_its_type_and_what_differs_from_the_type() {
    let email = Template::get("email");
    assert_eq!((email.version, email.meta_category.as_ref()), (19, "network"));
    let to = email.relation("to").unwrap();
    assert_eq!(to.r#type, "email-dst");
    assert!(to.disable_correlation && to.multiple);
    let eml = email.relation("eml").unwrap();
    assert_eq!((eml.r#type.as_ref(), eml.disable_correlation), ("attachment", true));
    assert!(email.relation("no-such-relation").is_none());
}

#[test]
fn a_category_that_the_type_does_not_allow_is_passed_over() {
    let port: Relation =
        serde_json::from_str(r#"{"misp-attribute": "port", "categories": ["Payload delivery", "Network activity"]}"#)
            .unwrap();
    assert_eq!(port.category(), "Network activity");
    let filename = Template::get("file").relation("filename").unwrap();
    assert_eq!(
        (filename.category(), filename.for_detection()),
        ("Payload delivery", true)
    );
}

#[test]
fn what_we_do_not_carry_is_not_found() {
    assert!(Template::find("nonsense").is_none());
}
