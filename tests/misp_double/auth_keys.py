"""The keys of the caller, without the keys themselves: auth_keys/index and auth_keys/view."""

from typing import Any

from misp_double.accounts import KEYS, Key
from misp_double.errors import thrown
from misp_double.request import Request


def _row(number: int, text: str, key: Key) -> dict[str, Any]:
    return {
        "AuthKey": {
            "id": str(number),
            "uuid": f"3c0e3d3a-5a7c-4f0e-9d59-0000000000{number:02}",
            "authkey_start": text[:4],
            "authkey_end": text[-4:],
            "created": "1767225600",
            "expiration": "0",
            "read_only": key.read_only,
            "user_id": str(key.user.id),
            "comment": text.rstrip("0"),
            "allowed_ips": None,
            "unique_ips": [],
        },
        "User": {"id": str(key.user.id), "email": key.user.email},
    }


def _own(request: Request) -> list[dict[str, Any]]:
    """The key of the request. The fixed keys of one user begin and end alike, which random ones do not."""
    caller = request.caller
    own = [
        (number, text, key)
        for number, (text, key) in enumerate(KEYS.items(), 1)
        if key.user is caller.user and key.flaws == ({"read_only"} if caller.read_only else set())
    ]
    return [_row(*one) for one in own]


def index(request: Request) -> list[dict[str, Any]]:
    """GET auth_keys/index."""
    return _own(request)


def view(request: Request) -> dict[str, Any]:
    """GET auth_keys/view/ID."""
    asked = ([*request.args, ""])[0]
    found = next((row for row in _own(request) if row["AuthKey"]["id"] == asked), None)
    if found is None:
        raise thrown(404, "Invalid auth key")
    return found
