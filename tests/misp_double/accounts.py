"""Organisations, roles, users and their keys, and the checks on the Authorization header. The keys are fixed and made up
for tests; README.md lists them."""

import re
from dataclasses import dataclass, field
from email.message import Message
from typing import TYPE_CHECKING, Any

from misp_double.errors import no_permission, thrown

if TYPE_CHECKING:
    from misp_double.model import Event

KEY_SHAPE = re.compile(r"[A-Za-z0-9]{40}")
FAILED = (
    "Authentication failed. Please make sure you pass the API key of an API enabled user along in the "
    "Authorization header."
)


@dataclass(frozen=True)
class Org:
    id: int
    name: str
    uuid: str

    def brief(self) -> dict[str, str]:
        return {"id": str(self.id), "name": self.name, "uuid": self.uuid}

    def local(self) -> dict[str, Any]:
        return {**self.brief(), "local": True}


HOST_ORG = Org(1, "DOUBLE-ADMIN", "5d0f2f10-6a41-4a2b-9f3a-0d8e5f1c0001")
OWN_ORG = Org(2, "DOUBLE-CERT", "5d0f2f10-6a41-4a2b-9f3a-0d8e5f1c0002")
ORGS = (HOST_ORG, OWN_ORG)

PERMISSIONS = (
    "perm_add",
    "perm_modify",
    "perm_modify_org",
    "perm_publish",
    "perm_delegate",
    "perm_sync",
    "perm_admin",
    "perm_audit",
    "perm_auth",
    "perm_site_admin",
    "perm_regexp_access",
    "perm_tagger",
    "perm_template",
    "perm_sharing_group",
    "perm_tag_editor",
    "perm_sighting",
    "perm_object_template",
    "perm_publish_zmq",
    "perm_publish_kafka",
    "perm_decaying",
    "perm_galaxy_editor",
    "perm_warninglist",
    "perm_view_feed_correlations",
    "perm_analyst_data",
    "perm_skip_otp",
)
WRITER = {
    "perm_add",
    "perm_modify",
    "perm_modify_org",
    "perm_audit",
    "perm_auth",
    "perm_tagger",
    "perm_sighting",
    "perm_decaying",
    "perm_galaxy_editor",
    "perm_analyst_data",
}


@dataclass(frozen=True)
class Role:
    id: int
    name: str
    granted: frozenset[str]
    rate_limit: int = 0

    def may(self, permission: str) -> bool:
        return permission in self.granted


ADMIN = Role(1, "admin", frozenset(PERMISSIONS) - {"perm_skip_otp"})
USER = Role(3, "User", frozenset(WRITER))
PUBLISHER = Role(4, "Publisher", frozenset(WRITER | {"perm_publish", "perm_delegate"}))
READ_ONLY = Role(6, "Read Only", frozenset({"perm_audit", "perm_auth"}))
NO_API = Role(7, "No API", frozenset(WRITER - {"perm_auth"}))
LIMITED = Role(8, "Limited", frozenset(WRITER), rate_limit=2)


@dataclass(frozen=True)
class User:
    id: int
    email: str
    org: Org
    role: Role
    disabled: bool = False

    def may(self, permission: str) -> bool:
        return self.role.may(permission)

    @property
    def site_admin(self) -> bool:
        return self.may("perm_site_admin")


@dataclass(frozen=True)
class Key:
    user: User
    flaws: frozenset[str] = field(default_factory=frozenset)

    @property
    def read_only(self) -> bool:
        return "read_only" in self.flaws


def _key(name: str) -> str:
    return f"Double{name}".ljust(40, "0")


_PUBLISHER = User(3, "publisher@double.test", OWN_ORG, PUBLISHER)
KEYS = {
    _key("SiteAdmin"): Key(User(1, "admin@double.test", HOST_ORG, ADMIN)),
    _key("User"): Key(User(2, "user@double.test", OWN_ORG, USER)),
    _key("Publisher"): Key(_PUBLISHER),
    _key("ReadOnly"): Key(User(4, "readonly@double.test", OWN_ORG, READ_ONLY)),
    _key("ReadOnlyKey"): Key(_PUBLISHER, frozenset({"read_only"})),
    _key("Expired"): Key(_PUBLISHER, frozenset({"expired"})),
    _key("OtherAddress"): Key(_PUBLISHER, frozenset({"address"})),
    _key("Disabled"): Key(User(5, "disabled@double.test", OWN_ORG, USER, disabled=True)),
    _key("NoApi"): Key(User(6, "noapi@double.test", OWN_ORG, NO_API)),
    _key("Limited"): Key(User(7, "limited@double.test", OWN_ORG, LIMITED)),
}


@dataclass(frozen=True)
class Caller:
    """A user as seen through one key: a read-only key takes away what the role gives."""

    user: User
    read_only: bool = False

    @property
    def org(self) -> Org:
        return self.user.org

    @property
    def site_admin(self) -> bool:
        return self.user.site_admin

    def may(self, permission: str) -> bool:
        if self.read_only and permission != "perm_auth":
            return False
        return self.user.may(permission)

    def needs(self, permission: str) -> None:
        if not self.may(permission):
            raise no_permission()

    def sees(self, event: "Event") -> bool:
        if self.site_admin or self.org.id in (event.org.id, event.orgc.id):
            return True
        if event.distribution == 4:
            return event.sharing_group is not None and self.org in event.sharing_group.orgs
        return event.distribution in (1, 2, 3)

    def edits(self, event: "Event") -> bool:
        if self.site_admin:
            return True
        if self.org.id != event.orgc.id:
            return False
        return self.may("perm_modify_org") or (self.may("perm_modify") and event.creator.id == self.user.id)


def authenticate(headers: Message) -> Caller:
    """The caller, or the refusal that MISP gives for this header. `X-MISP-AUTH` is taken as well."""
    given = (headers.get("Authorization") or headers.get("X-MISP-AUTH") or "").strip()
    key = KEYS.get(given) if KEY_SHAPE.fullmatch(given) else None
    if key is None or "expired" in key.flaws:
        raise thrown(403, FAILED)
    if "address" in key.flaws:
        raise thrown(403, "It is not possible to use this Auth key from your IP address")
    if key.user.disabled:
        raise thrown(403, "Authentication failed. Your user account has been disabled.")
    if not key.user.may("perm_auth"):
        raise thrown(403, FAILED)
    return Caller(key.user, "read_only" in key.flaws)
