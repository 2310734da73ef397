"""Under which keys two parties meet: rows that may be one share at least one key.

A key is written as the expressions that have to be equal. Its ``crowd`` says how many parties may meet under one
value: the weak keys are left out where many share them, and stronger ones, made of two parts, take their place.
"""

# ruff: noqa: S608 - the queries are made of the keys below
from __future__ import annotations

from dataclasses import dataclass

from hongyan.identity.record import Kind

HANDFUL, FEW, ALL = 12, 30, 0


@dataclass(frozen=True, slots=True)
class Key:
    """One kind of key.

    Fields: ``parts`` SQL expressions over a party, all of them needed; a list is unnested, so the party has
    several keys. ``crowd``: a value under which more parties stand is passed over; 0 (``ALL``) compares each
    with its neighbours instead, for a strong key must not be lost.
    """

    name: str
    parts: tuple[str, ...]
    crowd: int = FEW

    def sql(self, code: int, source: str) -> str:
        """SELECT of (party, key, code), the key hashed to 63 bits; NULL parts give no key."""
        rows = source
        # One layer for each part: two lists unnested side by side would be paired, not crossed.
        for index, part in enumerate(self.parts):
            rows = f"(SELECT *, {part} AS v{index} FROM {rows})"
        values = [f"v{index}" for index in range(len(self.parts))]
        known = " AND ".join(f"{value} IS NOT NULL" for value in values)
        return (
            f"SELECT party, (hash({code}, {', '.join(values)}) >> 1)::BIGINT AS key, {code}::TINYINT AS code"
            f" FROM {rows} WHERE {known}"
        )


_PHONES, _READINGS = "unnest(numbers)", "unnest(readings)"
KEYS: dict[Kind, tuple[Key, ...]] = {
    "person": (
        Key("id", ("id_key",), ALL),
        Key("number", ("CASE WHEN id_status <> 'masked' THEN id_number END",)),
        Key("number_start", ("left(id_number, 10)", "surname_pinyin")),
        Key("number_end", ("right(id_number, 8)", "surname_pinyin")),
        Key("phone", (_PHONES,)),
        Key("phone_name", (_PHONES, _READINGS), ALL),
        Key("phone_surname", (_PHONES, "surname_pinyin")),
        Key("email", ("email",)),
        Key("birth", ("birth_digits",), HANDFUL),
        Key("birth_name", ("birth_digits", _READINGS), ALL),
        Key("birth_surname", ("birth_digits", "surname_pinyin")),
        Key("spot", ("spot",), HANDFUL),
        Key("spot_name", ("spot", "pinyin"), ALL),
        Key("door_flat", ("door", "flat"), HANDFUL),
        Key("address_words", ("unnest(address_words)",), HANDFUL),
        Key("house_word", ("house", "unnest(address_words)")),
        Key("word_birth", ("unnest(words)", "birth_digits")),
        Key("road_name", ("road", "pinyin")),
        Key("name", ("pinyin",), HANDFUL),
        Key("name_phone_start", ("pinyin", "left(dialled, 7)")),
        Key("name_phone_end", ("pinyin", "right(dialled, 4)")),
        Key("name_county", ("pinyin", "unnest(counties)")),
        Key("name_gender_city", ("pinyin", "city", "gender")),
    ),
    "organisation": (
        Key("id", ("id_key",), ALL),
        Key("code", ("organisation_code",), ALL),
        Key("number", ("CASE WHEN id_status <> 'masked' THEN id_number END",)),
        Key("number_start", ("left(id_number, 12)",)),
        Key("number_end", ("right(id_number, 9)",)),
        Key("name", ("unnest(names)",), ALL),
        Key("stem", ("stem",), HANDFUL),
        Key("stem_region", ("stem", "region")),
        Key("core", ("core",), HANDFUL),
        Key("sound", ("pinyin",), HANDFUL),
        Key("brief", ("brief",)),
        Key("sound_county", ("pinyin", "division")),
        Key("phone", (_PHONES,)),
        Key("phone_sound", (_PHONES, "pinyin"), ALL),
        Key("email", ("email",)),
        Key("legal_person", ("legal_person_pinyin",)),
        Key("legal_person_sound", ("legal_person_pinyin", "pinyin"), ALL),
        Key("spot", ("spot",), HANDFUL),
        Key("spot_sound", ("spot", "pinyin"), ALL),
    ),
}


def pairs(kind: Kind, parties: str) -> str:
    """SELECT of the distinct pairs (a below b) of parties that meet under a key."""
    return met(kind, f"({keys(kind, parties)})")


def keys(kind: Kind, parties: str) -> str:
    """SELECT of (party, key, code) of all keys of the parties."""
    return " UNION ALL ".join(key.sql(code, parties) for code, key in enumerate(KEYS[kind]))


def met(kind: Kind, keys: str) -> str:
    """SELECT of the distinct pairs (a below b) that ``keys`` bring together; all rows of one key must be there."""
    crowds = " ".join(f"WHEN {code} THEN {key.crowd or FEW}" for code, key in enumerate(KEYS[kind]))
    strong = ", ".join(str(code) for code, key in enumerate(KEYS[kind]) if key.crowd == ALL)
    return f"""
        WITH keys AS MATERIALIZED (SELECT * FROM {keys}),
        met AS (
            SELECT key, count(*) > CASE any_value(code) {crowds} END AS crowded FROM keys GROUP BY key
            HAVING count(*) > 1 AND (NOT crowded OR any_value(code) IN ({strong}))
        ),
        crowd AS (
            SELECT key, party, row_number() OVER (PARTITION BY key ORDER BY party) AS place
            FROM keys JOIN met USING (key) WHERE crowded
        )
        SELECT DISTINCT a, b FROM (
            SELECT x.party AS a, y.party AS b FROM keys x JOIN met USING (key) JOIN keys y
            ON y.key = x.key AND x.party < y.party WHERE NOT crowded
            UNION ALL
            SELECT x.party AS a, y.party AS b FROM crowd x JOIN crowd y
            ON y.key = x.key AND y.place BETWEEN x.place + 1 AND x.place + {FEW}
        ) WHERE a <> b
    """
