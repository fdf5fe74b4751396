"""The three shapes in which MISP says no: a thrown exception, a failed save, and a page of the web server in front."""

from typing import Any


class Refusal(Exception):
    """Any answer other than the good one; `body` is a JSON value or, for the web server's pages, a string."""

    def __init__(self, status: int, body: dict[str, Any] | str, headers: dict[str, Any] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = headers or {}


def thrown(status: int, message: str, **headers: object) -> Refusal:
    """An exception inside MISP. The url is put in by the router, which knows the path that was asked for."""
    return Refusal(status, {"name": message, "message": message, "url": None}, headers)


def not_saved(what: str, url: str, errors: str | dict[str, Any], verb: str = "add", id: str | None = None) -> Refusal:
    """A model that did not validate: 403, `errors` is a string or an object."""
    message = f"Could not {verb} {what}"
    body = {"saved": False, "name": message, "message": message, "url": url, "errors": errors}
    if id is not None:
        body["id"] = id
    return Refusal(403, body)


def saved(message: str, url: str, id: str | None = None) -> dict[str, Any]:
    """The good answer of the actions that return no record."""
    body = {"saved": True, "success": True, "name": message, "message": message, "url": url}
    if id is not None:
        body["id"] = id
    return body


def internal() -> Refusal:
    """What MISP says of everything it did not foresee, a database error above all."""
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
    """Browsers are sent to the login page; so is a client that does not say that it wants JSON."""
    return Refusal(302, "", {"Content-Type": "text/html; charset=UTF-8", "Location": f"{base}/users/login"})


class Database(Exception):
    """A database error on the way: the answer is a 500, and what was stored before it stays."""


COLUMN_BYTES = 65535


def column(text: str | None) -> str:
    """Text as a utf8mb3 TEXT column takes it: four-byte characters and over-long text are an error of the database."""
    text = "" if text is None else str(text)
    if len(text.encode("utf-8", "surrogatepass")) > COLUMN_BYTES or any(ord(char) > 0xFFFF for char in text):
        raise Database(text[:40])
    return text
