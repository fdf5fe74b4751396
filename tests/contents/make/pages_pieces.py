"""What the files of the corpus of pages are made of."""

import base64
import io
import zipfile

HOST = "https://wgetcdn-files.com"


def b64(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head><title>Invoice</title>{head}</head><body>{body}</body></html>".encode()


def script(source: str) -> bytes:
    return page(f"<p>Please wait</p><script>{source}</script>")


def zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6)), content)
    return out.getvalue()
