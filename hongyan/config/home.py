"""Where the state lives (数据目录): every path below `var/`, known without Django.

`HONGYAN_HOME` moves the whole folder; nothing else of the checkout is ever written to by a running system.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Home:
    """The paths of one installation's state.

    >>> Home(Path("/srv/hongyan")).keyring.as_posix()
    '/srv/hongyan/secrets/keyring.json'
    """

    root: Path

    @property
    def secrets(self) -> Path:
        """Keys and passwords, readable by the owner of the process only."""
        return self.root / "secrets"

    @property
    def keyring(self) -> Path:
        """The vault's keys. Losing this file loses every sealed value: back it up apart from the database."""
        return self.secrets / "keyring.json"

    @property
    def postgres(self) -> Path:
        """The embedded PostgreSQL: data, log and socket."""
        return self.root / "postgres"

    @property
    def files(self) -> Path:
        """Delivered files and uploads, kept as received."""
        return self.root / "files"

    @property
    def vendor(self) -> Path:
        """Third-party front-end files, copied by set-up."""
        return self.root / "vendor"

    @property
    def static(self) -> Path:
        """Static files as served: collected, hashed and compressed by set-up."""
        return self.root / "static"

    @property
    def demo_logins(self) -> Path:
        """Log-ins of the demo's people: a list of {staff_no, name, post, password}."""
        return self.root / "demo-logins.json"

    @property
    def demo_unfinished(self) -> Path:
        """Stands while the demo is being loaded."""
        return self.root / "demo-unfinished"

    @property
    def serve_lock(self) -> Path:
        """Held by the one `hongyan serve` of this home."""
        return self.root / "serve.lock"


def current() -> Home:
    """The home of this process: `HONGYAN_HOME`, else `var/` in the checkout."""
    return Home(Path(os.environ.get("HONGYAN_HOME") or CHECKOUT / "var").resolve())


def real_data() -> Path | None:
    """The folder of public data sets that `make demo-real` loads: `HONGYAN_REAL`, if there is one."""
    folder = os.environ.get("HONGYAN_REAL")
    return Path(folder).resolve() if folder and Path(folder).is_dir() else None
