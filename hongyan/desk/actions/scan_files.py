"""Scanning files for malware (查毒), by the command that the installation names in `HONGYAN_SCAN_COMMAND`.

The command reads the content from its standard input and ends with 0 for a clean file, 1 for an infected one, whose
finding it prints; anything else is a failure, after which the file waits to be scanned again.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Timer

from django.conf import settings
from django.urls import reverse

from hongyan.core import audit, scope, storage
from hongyan.core.parameters import value_of
from hongyan.desk.actions.notifications import notify
from hongyan.desk.codes import FileState
from hongyan.desk.models import RecordFile
from hongyan.desk.parameters import SCAN_SECONDS
from hongyan.desk.record_files import path_of
from hongyan.org.models import Staff

WAITING = (FileState.CHECKING, FileState.FAILED)
AT_ONCE = 100
_LONGEST_FINDING = 200
_OUTCOMES = {0: FileState.CLEAN, 1: FileState.INFECTED}


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scanner made of a file, and what it said."""

    state: FileState
    finding: str = ""


def scan_file(file_id: int) -> Scanned | None:
    """Scan a file that waits for it and keep what came of it; None when it does not wait.

    One that is infected is never opened again. Where it would have replaced another version, that one is current again.
    """
    with scope.bulk():
        file = RecordFile.objects.filter(pk=file_id, state__in=WAITING).first()
    if file is None:
        return None
    scanned = _scanned(file)
    with scope.bulk():
        if not _settle(file, scanned):
            return None
    return scanned


def _scanned(file: RecordFile) -> Scanned:
    path = path_of(file)
    if not path.exists():
        return Scanned(FileState.FAILED, "no content")
    pieces = storage.unseal_chunks(path, record=file.uuid)
    return scan(settings.SCAN_COMMAND, pieces, seconds=int(value_of(SCAN_SECONDS)))


def scan_waiting() -> int:
    """Scan what still waits, also what failed before or came while nothing scanned; how many were looked at.

    Without a command nothing waits for one any more: what does, is said to be unscanned.
    """
    with scope.bulk():
        waiting = RecordFile.objects.filter(state__in=WAITING).order_by("id")
        if not settings.SCAN_COMMAND:
            return waiting.update(state=FileState.UNSCANNED)
        ids = list(waiting.values_list("pk", flat=True)[:AT_ONCE])
    return sum(scan_file(one) is not None for one in ids)


def scan(command: Sequence[str], pieces: Iterable[bytes], *, seconds: int) -> Scanned:
    """Let a command read a content and say what it is. One that cannot be started, or takes too long, fails.

    >>> scan(["cat"], [b"eicar"], seconds=5).state, scan(["false"], [], seconds=5).state
    (FileState.CLEAN, FileState.INFECTED)
    >>> scan(["no-such-scanner"], [], seconds=5).state
    FileState.FAILED
    """
    try:
        scanner = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    except OSError as error:
        return Scanned(FileState.FAILED, type(error).__name__)
    deadline = Timer(seconds, scanner.kill)
    deadline.start()
    try:
        said = _fed(scanner, pieces)
    finally:
        deadline.cancel()
    return Scanned(_OUTCOMES.get(scanner.returncode, FileState.FAILED), said[:_LONGEST_FINDING])


def _fed(scanner: subprocess.Popen[bytes], pieces: Iterable[bytes]) -> str:
    """Hand a scanner the content and hear what it says; it may stop listening when it has seen enough."""
    assert scanner.stdin is not None
    try:
        for piece in pieces:
            scanner.stdin.write(piece)
    except BrokenPipeError:
        pass
    said, _nothing = scanner.communicate()
    return " ".join(said.decode(errors="replace").split())


def _settle(file: RecordFile, scanned: Scanned) -> bool:
    """Keep what came of a scan, unless somebody else did meanwhile."""
    waits = RecordFile.objects.filter(pk=file.pk, state__in=WAITING)
    if not waits.update(state=scanned.state, finding=scanned.finding):
        return False
    if scanned.state == FileState.FAILED:
        return True
    told = {"state": scanned.state, "finding": scanned.finding}
    audit.record(audit.SYSTEM, "file.scanned", "record_file", file.code, after=told)
    if scanned.state == FileState.INFECTED:
        _give_way(file)
    return True


def _give_way(file: RecordFile) -> None:
    """The version before an infected one holds again, and whoever brought it hears."""
    former = RecordFile.objects.filter(series=file.series, version__lt=file.version)
    sound = former.exclude(state=FileState.INFECTED).order_by("-version").first()
    if file.is_current and sound is not None:
        RecordFile.objects.filter(pk=file.pk).update(is_current=False)
        RecordFile.objects.filter(pk=sound.pk).update(is_current=True)
    staff_no = Staff.objects.values_list("staff_no", flat=True).get(pk=file.staff_id)
    notify(staff_no, "file.infected", {"number": file.code}, url=reverse("desk:file", args=[file.pk]))
