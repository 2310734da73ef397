"""Where intake keeps its files, all below the installation's home and readable by the process only.

inbox/<system>/                       drops, in plain, until they are received
files/intake/<delivery>.sealed        every delivered file as received, sealed
staged/<delivery>.<KIND>.parquet      checked rows, encrypted, until they are applied
"""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.conf import settings


def inbox(system: str) -> Path:
    """The folder a system drops its files into."""
    return Path(settings.HOME.root) / "inbox" / system


def original(delivery: UUID) -> Path:
    """The sealed original of a delivery."""
    return Path(settings.HOME.files) / "intake" / f"{delivery}.sealed"


def staged(delivery: UUID, kind: str) -> Path:
    """The checked rows of one kind of a delivery."""
    return Path(settings.HOME.root) / "staged" / f"{delivery}.{kind}.parquet"


def remove_staged(delivery: UUID) -> None:
    """Remove what is no longer needed once a delivery is applied, refused or withdrawn."""
    for path in (Path(settings.HOME.root) / "staged").glob(f"{delivery}.*.parquet"):
        path.unlink(missing_ok=True)
