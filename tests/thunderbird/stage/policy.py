"""An organisation's policy for Thunderbird. A mount namespace makes it visible to one Thunderbird only."""

import json
import os
import pathlib
import shutil
import subprocess
from typing import Any

SYSTEM = pathlib.Path("/etc/thunderbird")
UNSHARE = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]


def unavailable() -> str:
    """The reason why this machine allows no policy; None if it does."""
    if not SYSTEM.is_dir():
        return f"there is no {SYSTEM}"
    if not shutil.which("unshare") or subprocess.run([*UNSHARE, "true"], capture_output=True).returncode:
        return "this machine gives no mount namespace"
    return ""


def lay_down(folder: pathlib.Path, policies: dict[str, Any]) -> list[str]:
    """Writes the policy into a copy of Thunderbird's system-wide configuration; returns the command that starts Thunderbird with
    it."""
    copy = pathlib.Path(folder) / "etc-thunderbird"
    shutil.copytree(SYSTEM, copy)
    (copy / "policies").mkdir(exist_ok=True)
    (copy / "policies" / "policies.json").write_text(json.dumps(policies), encoding="utf-8")
    return [*UNSHARE, "sh", "-c", 'mount --bind "$0" "$1" && shift && exec "$@"', str(copy), str(SYSTEM)]
