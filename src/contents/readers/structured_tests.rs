//! Facts about reports for machines.

use crate::contents::tests::said;

#[test]
fn values_are_read_and_ids_references_and_servers_are_not() {
    let stix = r#"{"type":"bundle","objects":[{"type":"indicator","pattern":"[url:value = 'https://kite-one.net/s' AND file:hashes.'SHA-256' = 'ab']",
        "external_references":[{"url":"https://kite-nine.net/r"}]},{"type":"file","hashes":{"MD5":"cd"}},{"type":"domain-name","value":"kite-two.net"}]}"#;
    assert_eq!(
        said("a.json", stix.as_bytes()),
        ["https://kite-one.net/s", "ab", "cd", "kite-two.net"]
    );
    let misp = r#"{"Event":{"Orgc":{"url":"https://kite-nine.net"},"Attribute":[{"type":"filename|md5","value":"a.exe|ab"},
        {"type":"link","value":"https://kite-nine.net/r"}],"Object":[{"Attribute":[{"type":"domain","value":"kite-two.net"}]}]}}"#;
    assert_eq!(said("a.json", misp.as_bytes()), ["a.exe|ab", "kite-two.net"]);
    let ioc = "<ioc xmlns='http://schemas.mandiant.com/2010/ioc' id='kite-nine.net'><Content type='string'>kite-two.net</Content></ioc>";
    assert_eq!(said("a.ioc", ioc.as_bytes()), ["kite-two.net"]);
}

#[test]
fn a_tree_of_any_depth_ends() {
    let deep = format!(
        "{{\"type\":\"bundle\",\"objects\":{}{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    said("a.json", deep.as_bytes());
}
