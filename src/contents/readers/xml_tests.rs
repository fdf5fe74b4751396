//! Facts about XML.

use crate::contents::tests::said;

#[test]
fn texts_and_attributes_are_read_and_schemas_are_not() {
    let source = "<?xml version='1.0'?><!DOCTYPE a SYSTEM 'http://kite-nine.net/a.dtd'><a xmlns:x='http://kite-nine.net/x' \
        x:schemaLocation='http://kite-nine.net/y z'><b href='https://kite-one.net/b'>text &amp; more</b><![CDATA[https://kite-one.net/c]]></a>";
    let all = said("a.xml", source.as_bytes());
    assert_eq!(all, ["https://kite-one.net/b\ntext & more\nhttps://kite-one.net/c\n"]);
}
