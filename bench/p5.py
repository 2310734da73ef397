"""P5, intake: rows a second from GB18030 into encrypted Parquet, and from there to golden records.

The loads are those of an installation's first day: an empty database, whole files, every projection written.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

from bench.fill import Loaded, drop, fill
from bench.rows import Row, at_least, figure
from hongyan.config.home import Home
from hongyan.integration import staging
from hongyan.integration.descriptors import find_descriptor
from hongyan.integration.readers import Reading, Source
from hongyan.org.models import Staff, Unit

STAGED_BAR = 100_000
GOLDEN_BAR = 10_000
READ_BYTES = 1 << 20


def run(size: int, home: Home) -> list[Row]:
    """Load everything into an empty database, then stage the customers' GB18030 file once more by itself."""
    loads = fill(size, home)
    customers = [load for load in loads if load.is_of_customers]
    golden = sum(load.applied for load in customers) / sum(load.apply_seconds for load in customers)
    return [
        at_least("P5", "GB18030 rows staged", _staging_rate(size, home), "rows/s", STAGED_BAR),
        at_least("P5", "rows to golden records", golden, "rows/s", GOLDEN_BAR),
        *(row for load in loads for row in _explained(load)),
    ]


def _explained(load: Loaded) -> Iterable[Row]:
    yield figure("P5", f"{load.file}: rows", load.received, "rows")
    yield figure(
        "P5", f"{load.file}: unsealed, staged, quarantined", load.received / load.check_seconds, "rows/s"
    )
    yield figure("P5", f"{load.file}: applied", load.applied / load.apply_seconds, "rows/s")


def _staging_rate(size: int, home: Home) -> float:
    """Rows a second of decoding, splitting, normalising, judging and writing: what `staging.stage` does."""
    file = next(path for path in drop(size, home) if path.name.startswith("KG_CUST"))
    descriptor = find_descriptor("kgc")
    kinds = descriptor and descriptor.match(file.name)
    if descriptor is None or kinds is None:
        raise RuntimeError(f"no connector takes {file.name}")
    units = {code: division[:2] for code, division in Unit.objects.values_list("code", "division")}
    references = staging.References(units, frozenset(Staff.objects.values_list("staff_no", flat=True)))
    source = Source(descriptor, descriptor.format, lambda: _chunks(file), limit=file.stat().st_size + 1)
    reading, target = Reading(), home.root / "staged" / "bench.parquet"
    began = time.perf_counter()
    staging.stage(source, kinds[0][0], target, record=uuid4(), references=references, reading=reading)
    took = time.perf_counter() - began
    target.unlink()
    return reading.received / took


def _chunks(file: Path) -> Iterable[bytes]:
    with file.open("rb") as content:
        while chunk := content.read(READ_BYTES):
            yield chunk
