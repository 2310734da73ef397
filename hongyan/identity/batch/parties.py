"""Records that say the same are one party; what is worth how much in this file."""

# ruff: noqa: S608 - the queries are made of our own columns
from __future__ import annotations

from hongyan.identity.batch.scoring import LISTED, frequency_columns, holders_columns
from hongyan.identity.model.columns import DERIVED
from hongyan.identity.model.weights import Model
from hongyan.identity.record import Kind

COMPARED: dict[Kind, tuple[str, ...]] = {
    "person": (
        *("name_key", "name_form", "name_complete", "pinyin", "readings", "surname_pinyin", "words"),
        *("id_type", "id_number", "id_status", "id_key", "id_lifelong"),
        *("birth_digits", "gender", "phones", "phones_partial", "email"),
        *("address", "division", "road", "house", "room", "estate"),
    ),
    "organisation": (
        *("name_key", "name_form", "name_complete", "pinyin", "region", "stem", "industry", "legal_form"),
        *("branch", "branch_kind", "former_key"),
        *("id_type", "id_number", "id_status", "id_key", "id_lifelong", "organisation_code"),
        *("phones", "phones_partial", "email", "legal_person", "legal_person_pinyin"),
        *("address", "division", "road", "house", "room", "estate"),
    ),
}
"""The columns of the normalised table that a comparison or a key reads."""

TELLING: dict[Kind, tuple[str, ...]] = {
    "person": ("name_key", "id_key", "id_number"),
    "organisation": ("name_key", "organisation_code", "id_key"),
}
"""Where all parties of a component say the same here, no safeguard can object."""

FACTS: dict[Kind, tuple[str, ...]] = {
    "person": (
        *("name_key", "name_form", "name_complete", "pinyin", "sound", "letters", "readings"),
        *("surname_pinyin", "words"),
        *("id_type", "id_number", "id_status", "id_key", "id_lifelong"),
    ),
    "organisation": (
        *("name_key", "name_form", "name_complete", "pinyin", "region", "stem", "industry", "legal_form"),
        *("core", "place_core", "brief"),
        *("branch", "branch_kind", "former_key"),
        *("id_type", "id_number", "id_status", "id_key", "id_lifelong", "organisation_code"),
    ),
}
"""What the safeguards inside a cluster ask of a party."""

RARE = 3
"""Frequencies count as if each value stood in three more records: a value seen once may be less rare than that."""


def members(kind: Kind, normalised: str) -> str:
    """SELECT of (row, h1, h2): the digest of what each record says, the same for records that say the same."""
    columns = ", ".join(COMPARED[kind])
    return f"SELECT row, hash({columns}) AS h1, hash('2', {columns}) AS h2 FROM {normalised}"


def parties(kind: Kind, normalised: str, members: str) -> str:
    """SELECT of the distinct parties, numbered in the order of their digests, with the derived columns.

    Grain: one row for each different set of statements; ``records`` how many records make it.
    """
    return described(kind, f"({numbered(members)})", normalised)


def numbered(members: str) -> str:
    """SELECT of (party, h1, h2, first_row, records) of the distinct parties."""
    return f"""
        SELECT (row_number() OVER (ORDER BY h1, h2) - 1)::BIGINT AS party, h1, h2, first_row, records FROM (
            SELECT h1, h2, min(row) AS first_row, count(*)::BIGINT AS records FROM {members} GROUP BY h1, h2
        )
    """


def described(kind: Kind, numbered: str, normalised: str) -> str:
    """SELECT of the numbered parties with what their first records say."""
    columns = ", ".join(COMPARED[kind])
    # Columns of the other kind are derived too, and NULL: both kinds are compared by one vocabulary.
    derived = ", ".join(f"{column.sql} AS {name}" for name, column in DERIVED.items())
    return f"""
        SELECT party, h1, h2, records, {columns}, {derived}
        FROM {numbered} JOIN {normalised} ON row = first_row
    """


def frequencies(column: str, parties: str, size: int) -> str:
    """SELECT of (value, bits): how surprising it is that a stranger says the same, for a column."""
    return f"""
        SELECT {column} AS value, (-log2((count(*) + {RARE}) / {size}))::FLOAT AS bits
        FROM {parties} WHERE {column} IS NOT NULL GROUP BY ALL
    """


def holders(column: str, parties: str) -> str:
    """SELECT of (value, bits): minus one bit for each doubling of the names under a value of a column."""
    value = f"unnest({column})" if column == LISTED else column
    return f"""
        SELECT value, (-log2(greatest(count(DISTINCT name), 1)))::FLOAT AS bits
        FROM (SELECT {value} AS value, pinyin AS name FROM {parties})
        WHERE value IS NOT NULL GROUP BY value HAVING count(DISTINCT name) > 1
    """


def weighed(model: Model, parties: str, tables: dict[str, str], shown: str = "*") -> str:
    """SELECT of the parties (``shown`` of them) with ``<column>_bits`` for each column whose values differ in worth."""
    joins, columns = [], []
    for index, column in enumerate([*frequency_columns(model.kind), *holders_columns(model.kind)]):
        if column == LISTED:
            continue
        joins.append(f"LEFT JOIN {tables[column]} t{index} ON t{index}.value = p.{column}")
        columns.append(f"t{index}.bits AS {column}_bits")
    # Few values are shared by several names; the others need no entry.
    listed = f"""
        LEFT JOIN (
            SELECT party, list(coalesce(bits, 0) ORDER BY place) AS {LISTED}_bits
            FROM (SELECT party, unnest({LISTED}) AS value, generate_subscripts({LISTED}, 1) AS place FROM {parties}
                WHERE party IN (SELECT party FROM (SELECT party, unnest({LISTED}) AS value FROM {parties})
                    SEMI JOIN {tables[LISTED]} USING (value)))
            LEFT JOIN {tables[LISTED]} USING (value)
            GROUP BY party
        ) USING (party)
    """
    return (
        f"SELECT p.{shown}, {', '.join(columns)}, {LISTED}_bits FROM {parties} p {' '.join(joins)} {listed}"
    )
