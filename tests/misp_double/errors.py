"""The three forms of MISP's refusals: a thrown exception, a failed save, and a page of the web server in front."""

from typing import Any


class Refusal(Exception):
    """Any answer but success; `body` is a JSON value or, for pages of the web server, a string."""

    def __init__(self, status: int, body: dict[str, Any] | str, headers: dict[str, Any] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = headers or {}


def thrown(status: int, message: str, **headers: object) -> Refusal:
    """An exception inside MISP. The router adds the url, as it knows the path of the request."""
    return Refusal(status, {"name": message, "message": message, "url": None}, headers)


def not_saved(what: str, url: str, errors: str | dict[str, Any], verb: str = "add", id: str | None = None) -> Refusal:
    """A model that did not validate: 403, `errors` is a string or an object."""
    message = f"Could not {verb} {what}"
    body = {"saved": False, "name": message, "message": message, "url": url, "errors": errors}
    if id is not None:
        body["id"] = id
    return Refusal(403, body)


def saved(message: str, url: str, id: str | None = None) -> dict[str, Any]:
    """The answer to a successful action that returns no record."""
    body = {"saved": True, "success": True, "name": message, "message": message, "url": url}
    if id is not None:
        body["id"] = id
    return body


def internal() -> Refusal:
    """MISP's answer to everything that it did not foresee, above all database errors."""
    return thrown(500, "An Internal Error Has Occurred.")


def no_permission() -> Refusal:
    return thrown(403, "You do not have permission to use this functionality.")


def web_page(status: int, title: str) -> Refusal:
    """An answer of nginx: MISP itself was never reached, or took too long."""
    page = (
        f"<html>\n<head><title>{status} {title}</title></head>\n<body>\n"
        f"<center><h1>{status} {title}</h1></center>\n<hr><center>nginx/1.22.1</center>\n</body>\n</html>\n"
    )
    return Refusal(status, page, {"Content-Type": "text/html"})


def to_login(base: str) -> Refusal:
    """MISP sends browsers to the login page, and every client that does not ask for JSON."""
    return Refusal(302, "", {"Content-Type": "text/html; charset=UTF-8", "Location": f"{base}/users/login"})


class Database(Exception):
    """A database error in the middle of a request: the answer is a 500, and what was stored before stays."""


COLUMN_BYTES = 65535


def column(text: str | None) -> str:
    """The text, if a utf8mb3 TEXT column can store it; four-byte characters and too long a text are database errors."""
    text = "" if text is None else str(text)
    if len(text.encode("utf-8", "surrogatepass")) > COLUMN_BYTES or any(ord(char) > 0xFFFF for char in text):
        raise Database(text[:40])
    return text
