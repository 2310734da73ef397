"""Columns made of those of the normalised table, each once, for SQL and for Python."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hongyan.identity.model.conditions import Row


@dataclass(frozen=True, slots=True)
class Derived:
    """A column: its SQL over the normalised table, the same in Python."""

    sql: str
    value: Callable[[Row], Any]


_MAILBOX = re.compile("^(1[3-9][0-9]{9})@")
_NUMBERS = re.compile("[0-9]+|[A-Z]+")
_FIXED = re.compile("^[+]86(?:[02-9]|1[0-2])")
_PLAIN = re.compile("[\u4e00-\u9fffA-Z0-9]+")
_PLACED = 5
"""A branch's name of so many characters tells where it is (昆山门店 is one, 延安火车站支行 hardly two)."""
_LATIN_HEAD = re.compile("^[a-z]{4,}")
# What dialects and hurried typists confuse: zh/z, ch/c, sh/s, ng/n, l/n (平翘舌、前后鼻音、n/l 不分).
_CONFUSED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"))


_FLAT = (
    "CASE WHEN room IS NOT NULL THEN concat(CASE WHEN contains(room, '-') THEN split_part(room, '-', 1) ELSE '' END,"
    " '-', string_split(room, '-')[-1]) END"
)


def _flat(row: Row) -> str | None:
    """Building and room; the unit between the two is often left out."""
    room = row.get("room")
    if room is None:
        return None
    parts = room.split("-")
    return f"{parts[0] if len(parts) > 1 else ''}-{parts[-1]}"


def _spot(row: Row) -> str | None:
    """The narrowest place that is told: in an estate without the road before it, else by road and number."""
    flat = _flat(row)
    if flat is None and row.get("house") is None:
        return None
    if flat is not None and row.get("estate") is not None:
        return f"{row['estate']}|{flat}"
    return "|".join((row.get("road") or "", row.get("house") or "", flat or ""))


def _address_numbers(row: Row) -> list[str] | None:
    """Every number of a Chinese address, wherever it stands."""
    address = row.get("address") or ""
    found = None if " " in address else _NUMBERS.findall(address)
    return list(dict.fromkeys(found)) if found and len(found) > 1 else None


def _address_words(row: Row) -> list[str] | None:
    """The words of a Latin address; a Chinese one has no blanks."""
    address = row.get("address") or ""
    return list(dict.fromkeys(address.split(" "))) if " " in address else None


def _sound(row: Row) -> str | None:
    sound = row.get("pinyin")
    for written, heard in _CONFUSED:
        sound = sound and sound.replace(written, heard)
    return sound


def _numbers(row: Row) -> list[str] | None:
    """The phones, and the mobile number that serves as the name of a mailbox (13812345678@139.com)."""
    phones, mailbox = row.get("phones"), _MAILBOX.match(row.get("email") or "")
    if mailbox is None:
        return phones
    return list(dict.fromkeys((*(phones or ()), f"+86{mailbox[1]}")))


def _dialled(row: Row) -> str | None:
    """One number as it would be dialled at home, hidden digits as stars; also an incomplete one."""
    whole = (row.get("phones") or (None,))[0]
    return whole.removeprefix("+86") if whole else (row.get("phones_partial") or (None,))[0]


def _mobiles(row: Row) -> list[str] | None:
    """The numbers but those of fixed lines, which a whole household answers."""
    return [number for number in _numbers(row) or () if not _FIXED.match(number)] or None


def _title(row: Row) -> str | None:
    """An organisation's name without region and branch, where nothing but characters, letters and digits is in it."""
    parts = (row.get("stem") or "", row.get("industry") or "", row.get("legal_form") or "")
    title = "".join(parts) if row.get("stem") else ""
    return title if _PLAIN.fullmatch(title) else None


def _latin_head(row: Row) -> str | None:
    """The first word of a Latin company name, which may be the spelling of a Chinese one (Huafeng for 华丰)."""
    found = _LATIN_HEAD.match(row.get("stem") or "")
    return found[0] if found else None


def _id_county(row: Row) -> str | None:
    """Where a citizen's number was given out: most people still live in the county or have family there."""
    number = row.get("id_number")
    return number[:6] if number and row.get("id_type") == "01" and "*" not in number[:6] else None


def _door(row: Row) -> str | None:
    """City, road and number."""
    if row.get("house") is None:
        return None
    city = (row.get("division") or "")[:4]
    return "|".join(part for part in (city, row.get("road"), row["house"]) if part is not None)


def _quarter(row: Row) -> str | None:
    """Estate, village or road within its county: where people say they live who do not tell the door."""
    place = row.get("estate") or row.get("road")
    return f"{row['division']}|{place}" if place and row.get("division") else None


def _counties(row: Row) -> list[str]:
    """The counties somebody may be looked for in: that of the address, that of the card."""
    card = (row.get("id_number") or "")[:6] if row.get("id_type") == "01" else None
    return [code for code in dict.fromkeys((row.get("division"), card)) if code]


def _in_order(text: str | None) -> str | None:
    """The characters of a text in their order: the same for 晓丽张 and 张晓丽, 0102 and 0201."""
    return text and "".join(sorted(text.replace("(", "").replace(")", "")))


def _core(row: Row) -> str | None:
    stem = row.get("stem")
    return stem and stem + (row.get("industry") or "")


def _place_core(row: Row) -> str | None:
    core = _core(row)
    return core and row["region"] + core if row.get("region") else None


def _brief(row: Row) -> str | None:
    """Region and distinguishing word: what people call a company (苏州鼎盛), parsed or not."""
    stem = row.get("stem")
    return stem and (row.get("region") or "") + stem


def _names(row: Row) -> list[str] | None:
    """Every name an organisation says it has or had."""
    if row.get("former_key") is not None:
        return [row["name_key"], row["former_key"]]
    return [row["name_key"]] if row.get("stem") is not None else None


def _sound_sql() -> str:
    sql = "pinyin"
    for written, heard in _CONFUSED:
        sql = f"replace({sql}, '{written}', '{heard}')"
    return sql


_NUMBERS_SQL = (
    f"CASE WHEN regexp_matches(email, '{_MAILBOX.pattern}') THEN"
    f" list_distinct(list_append(coalesce(phones, []), '+86' || regexp_extract(email, '{_MAILBOX.pattern}', 1)))"
    " ELSE phones END"
)
DERIVED: dict[str, Derived] = {
    "flat": Derived(_FLAT, _flat),
    "spot": Derived(
        f"CASE WHEN room IS NOT NULL AND estate IS NOT NULL THEN concat(estate, '|', {_FLAT})"
        " WHEN room IS NOT NULL OR house IS NOT NULL THEN"
        f" concat(coalesce(road, ''), '|', coalesce(house, ''), '|', coalesce({_FLAT}, '')) END",
        _spot,
    ),
    "address_numbers": Derived(
        f"CASE WHEN NOT contains(address, ' ') AND len(regexp_extract_all(address, '{_NUMBERS.pattern}')) > 1"
        f" THEN list_distinct(regexp_extract_all(address, '{_NUMBERS.pattern}')) END",
        _address_numbers,
    ),
    "address_words": Derived(
        "CASE WHEN contains(address, ' ') THEN list_distinct(string_split(address, ' ')) END", _address_words
    ),
    "sound": Derived(_sound_sql(), _sound),
    "door": Derived(
        "CASE WHEN house IS NOT NULL THEN concat_ws('|', coalesce(left(division, 4), ''), road, house) END",
        _door,
    ),
    "plate": Derived(
        "CASE WHEN road IS NOT NULL AND house IS NOT NULL THEN concat(road, '|', house) END",
        lambda row: f"{row['road']}|{row['house']}" if row.get("road") and row.get("house") else None,
    ),
    "quarter": Derived("division || '|' || coalesce(estate, road)", _quarter),
    "city": Derived("left(division, 4)", lambda row: row["division"][:4] if row.get("division") else None),
    "counties": Derived(
        "list_distinct(list_filter([division, CASE WHEN id_type = '01' THEN left(id_number, 6) END],"
        " lambda code: code IS NOT NULL))",
        _counties,
    ),
    "core": Derived("CASE WHEN stem IS NOT NULL THEN concat(stem, coalesce(industry, '')) END", _core),
    "place_core": Derived(
        "CASE WHEN region IS NOT NULL AND stem IS NOT NULL THEN concat(region, stem, coalesce(industry, '')) END",
        _place_core,
    ),
    "brief": Derived("CASE WHEN stem IS NOT NULL THEN concat(coalesce(region, ''), stem) END", _brief),
    "names": Derived(
        "CASE WHEN former_key IS NOT NULL THEN [name_key, former_key] WHEN stem IS NOT NULL THEN [name_key] END",
        _names,
    ),
    "letters": Derived(
        "array_to_string(list_sort(string_split(replace(replace(name_key, '(', ''), ')', ''), '')), '')",
        lambda row: _in_order(row.get("name_key")),
    ),
    "birth_sorted": Derived(
        "array_to_string(list_sort(string_split(birth_digits, '')), '')",
        lambda row: _in_order(row.get("birth_digits")),
    ),
    "numbers": Derived(_NUMBERS_SQL, _numbers),
    "mobiles": Derived(
        f"nullif(list_filter({_NUMBERS_SQL}, lambda number: NOT regexp_matches(number, '{_FIXED.pattern}')), [])",
        _mobiles,
    ),
    "given_shown": Derived(
        "CASE WHEN name_form = 'masked' THEN length(replace(name_key, '*', '')) > 1 ELSE name_complete END",
        lambda row: (
            len(row["name_key"].replace("*", "")) > 1
            if row.get("name_form") == "masked"
            else row.get("name_complete")
        ),
    ),
    "title": Derived(
        "CASE WHEN stem IS NOT NULL AND regexp_full_match(concat(stem, industry, legal_form),"
        " '[\\x{4e00}-\\x{9fff}A-Z0-9]+') THEN concat(stem, industry, legal_form) END",
        _title,
    ),
    "placed_branch": Derived(
        f"CASE WHEN length(branch) >= {_PLACED} THEN branch END",
        lambda row: row["branch"] if len(row.get("branch") or "") >= _PLACED else None,
    ),
    "latin_head": Derived(f"nullif(regexp_extract(stem, '{_LATIN_HEAD.pattern}'), '')", _latin_head),
    "dialled": Derived("coalesce(regexp_replace(phones[1], '^[+]86', ''), phones_partial[1])", _dialled),
    "id_county": Derived(
        "CASE WHEN id_type = '01' AND NOT contains(left(id_number, 6), '*') THEN left(id_number, 6) END",
        _id_county,
    ),
}


def complete(row: Row) -> dict[str, Any]:
    """The row with the derived columns.

    >>> complete({"road": "观前街", "house": "12", "room": "501"})["spot"]
    '观前街|12|-501'
    """
    return {**row, **{name: derived.value(row) for name, derived in DERIVED.items()}}
