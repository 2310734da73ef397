"""Where a bench lives: a home of its own, its database running while it is open."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.rows import Row
from hongyan.cli.conventions import prepare_django
from hongyan.cli.db import bring_up_to_date, drop_database
from hongyan.config import home, secrets
from hongyan.config.home import Home
from hongyan.core.postgres import Server
from hongyan.core.roles import prepare_roles


def run_case(module_name: str, size: int, folder: str) -> list[Row]:
    """Run one case of a size in its home; its module is imported once Django is ready."""
    with opened(folder) as place:
        rows: list[Row] = importlib.import_module(module_name).run(size, place)
    return rows


def run_without_home(name: str, size: int, folder: str) -> list[Row]:
    """Run a case that needs no database: `module:function`, its files in a folder beside the homes of the others."""
    module_name, _, function = name.partition(":")
    place = home.current().root / "bench" / folder
    place.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = getattr(importlib.import_module(module_name), function)(size, place)
    return rows


@contextmanager
def opened(folder: str) -> Iterator[Home]:
    """A home of benches with a running server, Django made ready for it. The product's own state is not touched.

    It counts as a demo: benches log heads of units in, who elsewhere need a second factor.
    """
    product = home.current()
    place = Home(product.root / "bench" / folder)
    place.root.mkdir(parents=True, exist_ok=True)
    place.demo_logins.write_text("[]")
    os.environ["HONGYAN_HOME"] = str(place.root)
    os.environ.pop("DATABASE_URL", None)
    _share(product.vendor, place.vendor)
    prepare_django()
    with Server(place).running():
        yield place


def empty_database(place: Home) -> None:
    """Make the database anew: all tables, no rows."""
    owner = Server(place).dsn
    prepare_roles(owner, secrets.app_password(place))
    drop_database(owner)
    prepare_roles(owner, secrets.app_password(place))
    bring_up_to_date(owner)


def collect_static() -> None:
    """What set-up does for the product's home: the pages' static files, hashed and compressed."""
    subprocess.run(
        [sys.executable, "-m", "django", "collectstatic", "--no-input", "--clear", "--verbosity", "0"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "hongyan.config.settings"},
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _share(original: Path, link: Path) -> None:
    if not link.is_symlink():
        link.symlink_to(original)
