"""The how-to's example is a connector that works."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import pytest

from hongyan.integration import staging
from hongyan.integration.descriptors import Descriptor, load
from hongyan.integration.readers import Reading, Source

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-connector.md"
HEADER = "编号,户名,类别,证件号,手机,网点"
GOOD = "3799000001,何雨桐,1,370197198808080045,15400001988,370102001"
BAD = "379900000,何雨桐,1,370197198808080047,1540000,999999999"
REFERENCES = staging.References(units={"370102001": "37"}, staff=frozenset())


@pytest.fixture
def bills(tmp_path: Path) -> Descriptor:
    path = tmp_path / "bills" / "descriptor.toml"
    path.parent.mkdir()
    path.write_text("".join(re.findall(r"(?ms)^```toml\n(.*?)^```", HOW_TO.read_text("utf-8"))), "utf-8")
    return load(path)


def test_the_example_checks_a_file(bills: Descriptor, tmp_path: Path) -> None:
    matched = bills.match("BILL_PAYER_20261121.csv")
    assert matched
    ((kind,), day) = matched
    assert day == "20261121"
    content = "\n".join([HEADER, GOOD, BAD, ""]).encode("gb18030")
    source = Source(bills, bills.format, lambda: iter([content]), limit=1 << 20)
    staged, record = tmp_path / "staged.parquet", uuid4()

    staging.stage(source, kind, staged, record=record, references=REFERENCES, reading=Reading())

    assert [
        row["row"] for rows in staging.good_rows(staged, record=record, skip=0, chunk=10) for row in rows
    ] == [2]
    (bad,) = staging.bad_rows(kind, staged, record=record)
    assert bad["row"] == 3
    # by the position of the field: key, credential number, unit; the mobile number is only a warning
    assert bad["errors"] == ["0:pattern", "4:credential_checksum", "6:unknown_unit"]
