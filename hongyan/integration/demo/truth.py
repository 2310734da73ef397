"""The truth beside the files: which record is of whom, and what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

COLUMNS = ("source", "record_kind", "source_key", "entity", "errors")
CUSTOMER, CONTACT, ADDRESS = "customer", "contact", "address"
_BUFFER = 1 << 20


class TruthFile:
    """`truth.csv`: one line per delivered row, in the order written; errors separated by spaces.

    entity is "" for a row that belongs to no customer (an orphan contact).
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", newline="\n", buffering=_BUFFER)
        self._file.write(f"{','.join(COLUMNS)}\n")
        self.records: Counter[tuple[str, str]] = Counter()
        self.errors: Counter[str] = Counter()

    def __enter__(self) -> TruthFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, source: str, record_kind: str, key: str, entity: str, errors: Iterable[str] = ()) -> None:
        """No value holds a comma, hence no quoting."""
        self.records[source, record_kind] += 1
        if errors:
            self.errors.update(errors)
            self._file.write(f"{source},{record_kind},{key},{entity},{' '.join(errors)}\n")
        else:
            self._file.write(f"{source},{record_kind},{key},{entity},\n")
