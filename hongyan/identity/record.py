"""What one source system says about one party, before any interpretation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["person", "organisation"]


@dataclass(frozen=True, slots=True)
class Record:
    """One party as one source system knows it (来源记录).

    Grain: one per (source, source_key). Text stands as the source sent it; nothing here is checked.
    Fields: ``credential_type`` is a code of L03 or the source's own word (身份证), empty means "infer it";
    ``division`` is a GB/T 2260 code; ``legal_person`` is the name of an organisation's legal representative.
    """

    source: str
    source_key: str
    kind: Kind
    name: str
    credential_type: str = ""
    credential_no: str = ""
    gender: str = ""
    birth_date: str | None = None
    phones: tuple[str, ...] = ()
    email: str = ""
    address: str = ""
    division: str = ""
    postcode: str = ""
    legal_person: str = ""
