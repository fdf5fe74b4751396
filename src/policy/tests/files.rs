//! Facts about attached files.

use super::*;

#[test]
fn files_are_samples_unless_something_says_otherwise() {
    let file = |name: &str, bytes: &[u8], role: AttachmentRole| Attachment {
        name: Some(name.into()),
        content_type: "application/octet-stream".into(),
        bytes: bytes.to_vec(),
        role,
        places: Vec::new(),
    };
    let mut with_files = mail(&[], "");
    with_files.attachments = vec![
        file("80.exe", b"MZ", AttachmentRole::File),
        file("iocs.csv", b"foo,bar", AttachmentRole::File),
        file("calls.csv", b"a;=cmd|' /C calc'!A0;-3", AttachmentRole::File),
        file("iocs.txt", b"MZ\x90\0", AttachmentRole::File),
        file("page.txt", b"<script>", AttachmentRole::File),
        file("empty.bin", b"", AttachmentRole::File),
        file("signature.asc", b"x", AttachmentRole::Signature),
        file("logo.png", b"x", AttachmentRole::InlineImage),
    ];
    let skip = FileAction::Skip;
    let mut given = given(with_files, "");
    let of = |given: &Given| -> Vec<FileAction> {
        let files = given.plan(Vec::new()).nodes.remove(0).files;
        files.into_iter().map(|file| file.action).collect()
    };
    let tail = [
        skip(Reason::EmptyFile),
        skip(Reason::SignaturePart),
        skip(Reason::InlineImage),
    ];
    let expected = [
        FileAction::Sample,
        FileAction::Benign,
        FileAction::Sample,
        FileAction::Sample,
        FileAction::Sample,
    ];
    assert_eq!(of(&given), [&expected[..], &tail].concat());
    given.role = Role::Sample;
    assert_eq!(of(&given)[1], FileAction::Benign);
    given.directives = vec![Directive::BenignAttachments];
    assert_eq!(of(&given)[0], FileAction::Benign);
    given.overrides.files_only = true;
    given.overrides.deselected = vec![("filename".into(), "80.exe".into())];
    assert_eq!(of(&given)[0], skip(Reason::Deselected));
    assert_eq!(
        given.short(url("http://evil.test/")),
        "skip: only the attached files were asked for"
    );
}
