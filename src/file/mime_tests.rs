//! Facts about types of files.

use super::*;

fn at(offset: usize, bytes: &[u8]) -> Vec<u8> {
    let mut file = vec![0; offset];
    file.extend(bytes);
    file
}

fn member(name: &str, content: &str) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.extend([0; 22]);
    bytes.extend([u8::try_from(name.len()).unwrap(), 0, 0, 0]);
    bytes.extend(name.as_bytes());
    bytes.extend(content.as_bytes());
    bytes
}

fn compound_with(name: &str) -> Vec<u8> {
    let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    bytes.extend([0; 504]);
    bytes.extend(name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes));
    bytes
}

fn boot_sector(offset: usize, field: &[u8]) -> Vec<u8> {
    let mut sector = vec![0; 512];
    sector[0] = 0xeb;
    sector[offset..offset + field.len()].copy_from_slice(field);
    sector[510..].copy_from_slice(b"\x55\xaa");
    sector
}

#[test]
fn binary_files_are_told_by_their_content_whatever_their_name() {
    let pe = [&b"MZ"[..], &[0; 0x3a], b"\x40\0\0\0PE\0\0"].concat();
    let facts: &[(&[u8], &str)] = &[
        (b"", "application/x-empty"),
        (&pe, "application/vnd.microsoft.portable-executable"),
        (b"MZ\x90\0\x03\0\0\0", "application/x-dosexec"),
        (
            b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0",
            "application/x-sharedlib",
        ),
        (b"\xcf\xfa\xed\xfe\x07\0\0\x01", "application/x-mach-binary"),
        (b"\xca\xfe\xba\xbe\0\0\0\x34", "application/x-java-applet"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"{\\rtf1\\ansi", "text/rtf"),
        (
            b"\x4c\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46\x9b",
            "application/x-ms-shortcut",
        ),
        (&at(0x8001, b"CD001\x01"), "application/x-iso9660-image"),
        (
            b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3\0",
            "application/onenote",
        ),
        (b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0", "image/bmp"),
        (&member("a.txt", "x"), "application/zip"),
        (
            &member("mimetype", "application/vnd.oasis.opendocument.text"),
            "application/vnd.oasis.opendocument.text",
        ),
        (
            &[member("[Content_Types].xml", ""), member("word/document.xml", "")].concat(),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (&member("word/notes.txt", ""), "application/zip"),
        (&compound_with("WordDocument"), "application/msword"),
        (&compound_with("__properties_version1.0"), "application/vnd.ms-outlook"),
        (&compound_with("?"), "application/x-ole-storage"),
        (b"\0\x01\x02 whatever", "application/octet-stream"),
        (&at(512, b"conectix"), "application/octet-stream"),
        (&[at(512, b"conectix"), vec![0; 504]].concat(), "application/x-vhd-disk"),
        (&boot_sector(3, b"NTFS    "), "application/x-raw-disk-image"),
        (
            &boot_sector(11, &[0, 2, 1, 1, 0, 2, 224, 0, 64, 11, 0xf0]),
            "application/x-raw-disk-image",
        ),
        (
            &boot_sector(11, &[0, 2, 3, 1, 0, 2, 224, 0, 64, 11, 0xf0]),
            "application/octet-stream",
        ),
        (
            &boot_sector(446, &[0x80, 0, 0, 0, 6, 0, 0, 0, 64, 0, 0, 0, 0, 8]),
            "application/x-raw-disk-image",
        ),
        (
            &boot_sector(446, &[1, 0, 0, 0, 6, 0, 0, 0, 64, 0, 0, 0, 0, 8]),
            "application/octet-stream",
        ),
    ];
    for (bytes, mime) in facts {
        assert_eq!(of(bytes, Some("invoice.html")), *mime);
    }
}

#[test]
fn a_program_at_any_address_is_told_from_a_library() {
    let mut file = vec![0; 64 + 56 + 32];
    file[..6].copy_from_slice(b"\x7fELF\x02\x01");
    for (at, number) in [
        (16, 3),
        (32, 64),
        (56, 1),
        (64, 2),
        (72, 120),
        (96, 32),
        (120, 1),
        (131, 8),
    ] {
        file[at] = number;
    }
    assert_eq!(of(&file, None), "application/x-sharedlib");
    file[136..140].copy_from_slice(&[0xfb, 0xff, 0xff, 0x6f]);
    file[147] = 8;
    assert_eq!(of(&file, None), "application/x-pie-executable");
}

#[test]
fn text_is_told_by_its_content_and_then_by_its_name() {
    let facts: &[(&str, &str, &str)] = &[
        ("hello", "a.txt", "text/plain"),
        ("MZ is where it begins", "a.txt", "text/plain"),
        ("BMW sells cars", "a.txt", "text/plain"),
        ("\n <!-- x --> <HTML><body>", "a.txt", "text/html"),
        ("<script>new ActiveXObject('x')</script>", "a.hta", "application/hta"),
        ("<html><head><HTA:APPLICATION id=x>", "a.html", "application/hta"),
        ("var a = 1;", "a.JS", "text/javascript"),
        ("Dim a", "a.vbs", "text/vbscript"),
        ("Write-Host hi", "a.ps1", "text/x-powershell"),
        ("#!/bin/sh\nls", "a", "text/x-shellscript"),
        ("#!/usr/bin/env python3\n", "a", "text/x-script.python"),
        (
            "Received: from a by b\n\tfor c\nFrom: x@y.example\n\nhi",
            "a",
            "message/rfc822",
        ),
        ("To: whom it may concern\n\nhi", "a", "text/plain"),
        ("a,b\n1,2\n", "a.csv", "text/csv"),
        ("<?xml version=\"1.0\"?><svg>", "a", "image/svg+xml"),
        ("<?xml version=\"1.0\"?><a/>", "a", "text/xml"),
        (
            "-----BEGIN PGP SIGNATURE-----\n",
            "signature.asc",
            "application/pgp-signature",
        ),
    ];
    for (text, name, mime) in facts {
        assert_eq!(of(text.as_bytes(), Some(name)), *mime, "{text:?}");
    }
}

#[test]
fn text_of_two_bytes_a_character_is_text() {
    let html: Vec<u8> = "\u{feff}<html>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(of(&html, None), "text/html");
    let big: Vec<u8> = "\u{feff}hallo".encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(of(&big, None), "text/plain");
}
