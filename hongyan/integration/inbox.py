"""The inboxes (投递目录): source systems drop files, intake takes them away once they no longer grow."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from pathlib import Path

from hongyan.core.audit import Actor
from hongyan.core.errors import HongyanError
from hongyan.integration import places
from hongyan.integration.actions import receive_file
from hongyan.integration.codes import Channel
from hongyan.integration.descriptors import all_descriptors

STABLE_SECONDS = 2.0
"""A file whose size and time did not change for so long is complete; senders of larger files use `.part`."""

log = logging.getLogger(__name__)


def take_from_inboxes() -> int:
    """Receive every complete file of every system's inbox and remove it there; how many there were.

    A file that changed while it was read stays and is received again; the same bytes are the same delivery, so a
    kill between receiving and removing does no harm. A file that cannot be received stays where it is.
    """
    taken = 0
    for descriptor in all_descriptors():
        for path in waiting_files(places.inbox(descriptor.code)):
            taken += _take(path, descriptor.code)
    return taken


def waiting_files(folder: Path) -> Iterator[Path]:
    """Complete files of an inbox, oldest name first; hidden files and `.part` are still being written."""
    if not folder.is_dir():
        return
    newest = time.time() - STABLE_SECONDS
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.suffix == ".part":
            continue
        if _is_complete(path, newest):
            yield path


def _is_complete(path: Path, newest: float) -> bool:
    """Whether this is a file that no longer grows; one that was taken back, or that nobody may look at, is none."""
    try:
        return not path.is_symlink() and path.is_file() and path.stat().st_mtime <= newest
    except OSError:
        return False


def _take(path: Path, system: str) -> bool:
    try:
        before = _stamp(path)
        receive_file(path, system=system, channel=Channel.DROP, actor=Actor(f"system:{system}"))
        if _stamp(path) == before:
            path.unlink()
    except (HongyanError, OSError) as error:
        log.warning("drop not received", extra={"system": system, "error": type(error).__name__})
        return False
    return True


def _stamp(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns
