"""Rows of lists of places to the organisation room (行政区划、邮政编码)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hongyan.integration.descriptors import Target
from hongyan.org.actions.take_in import take_in_divisions, take_in_postcodes
from hongyan.org.codes import Counts, DivisionRow, PostcodeRow

PLACES = (Target.DIVISION, Target.POSTCODE)
"""What is a list of places."""


def take_in_places(target: Target, rows: Sequence[Mapping[str, Any]], *, system: str) -> Counts:
    """Take in staged rows of divisions or postcodes."""
    if target is Target.DIVISION:
        divisions = [DivisionRow(row["row"], row["code"], row["name"]) for row in rows]
        return take_in_divisions(divisions, system=system)
    postcodes = [
        PostcodeRow(row["row"], row["postcode"], row["province"], row["city"], row["county"]) for row in rows
    ]
    return take_in_postcodes(postcodes, system=system)
