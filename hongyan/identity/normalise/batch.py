"""Whole tables of records → their comparable columns, with the meaning of the scalar normalisers.

A normalised table (规范化表) has one row per record, in the order of the input, of one kind. What a record does not
say is NULL, never an empty text; lists are NULL rather than empty, without duplicates. Text in simplified
characters; Latin in lower case unless said otherwise.

=================== =========== ==========================================================================
column              type        meaning
=================== =========== ==========================================================================
row                 int64       position in the input, from 0
source, source_key  string      as given
name                string      for display: cleaned as written, without a title
name_key            string      equal for equal names: simplified, without dots, titles, order of Latin
                                words; of an organisation region + stem + industry + brackets + form + part
name_form           string      person: ``han`` (张小丽, 买买提·艾力), ``pinyin`` (zhang xiaoli), ``latin`` (john
                                smith), ``masked`` (王*明), ``partial`` (王女士, 王); organisation: ``full``
                                (region, stem and legal form), ``formal`` (legal form), ``short``
name_complete       bool        person: surname and given name both there; organisation: a name at all
surname, given      string      person: characters, or Latin words; surname NULL in a transliteration
surname_pinyin      string      person: how the surname is read (shan for 单); the Latin surname itself
pinyin              string      person: full pinyin, best reading; organisation: pinyin of ``stem``
readings            string[]    person: every plausible full pinyin, best first (both orders of Wang Li)
initials            string      one letter a syllable
words               string[]    person: Latin words in the order written (surname first where known)
id_type             string      L03 code under which numbers compare (booklet and ID card are both 01)
id_number           string      without separators, capitals; citizens' with 18 characters; hidden ones as *
id_status           string      ``valid`` (passes every check of its type), ``wrong`` (fails one),
                                ``unverified`` (no check known: type 99), ``masked`` (hidden characters)
id_key              string      ``type:number`` when valid, identifying for this kind, else NULL
id_lifelong         bool        whether two different ``id_key`` of this type are two parties (else renewals)
organisation_code   string      nine characters, given or inside a valid unified social credit code
birth_date          date32      person: from a valid credential, else as given
birth_digits        string      the eight digits given, also where they are no day (19800230); else of
                                birth_date
gender              string      person: ``1`` ``2``; from a valid credential, else as given, else a title's
phones              string[]    valid numbers with country code; a person's with extension (+865126…x802)
phones_partial      string[]    what may support but not decide: digits and * of incomplete numbers
                                (138****8000, 65123456)
email               string      lower case
address             string      in one spelling: Chinese without blanks, Latin in capitals with single blanks
address_key         string      ``division|road|number|room``, NULL when neither number nor room is known
division            string      GB/T 2260, six digits, the lowest level that is certain
road, house, room   string      road or village or estate; number on the road; building-unit-room by hyphens
estate              string      estate, village or building, whether a road stands before it or not
region              string      organisation: the lowest division in the name, without its rank (苏州)
stem                string      organisation: the distinguishing word (字号)
industry            string      organisation: 食品, 网络科技
legal_form          string      organisation: 有限公司, one spelling for one form
branch              string      organisation: what marks a part (观前街门店, 工会); NULL for the whole
branch_kind         string      ``branch`` (分公司, 支行, 门店), ``department`` (工会, 食堂, 财务部)
former_key          string      organisation: ``name_key`` of the name it says it had (原…)
legal_person        string      organisation: the legal representative's ``name_key``
legal_person_pinyin string      and its best pinyin
=================== =========== ==========================================================================

Columns of the other kind are there and NULL, so that both kinds have one schema.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hongyan.identity.normalise.addresses import address
from hongyan.identity.normalise.columns import (
    ADDRESS,
    CREDENTIAL,
    LEGAL_PERSON,
    NAME,
    ORGANISATION,
    PERSON,
    PHONES,
    address_values,
    credential_values,
    legal_person_values,
    organisation_values,
    person_values,
    phone_values,
)
from hongyan.identity.normalise.credentials import credential
from hongyan.identity.normalise.dates import calendar_date, day_digits
from hongyan.identity.normalise.genders import gender_code
from hongyan.identity.normalise.misplaced import SUSPECT, Fields, put_right
from hongyan.identity.normalise.names import person_name
from hongyan.identity.normalise.organisations import organisation_name
from hongyan.identity.normalise.phones import phones
from hongyan.identity.normalise.text import email_key
from hongyan.identity.record import Kind

FIELDS = (
    *("source", "source_key", "name", "credential_type", "credential_no", "gender", "birth_date", "phone"),
    *("email", "address", "legal_person"),
)
"""What an input table may have, all text; the first three it must have."""

_TEXT, _TEXTS = pa.string(), pa.list_(pa.string())
_TYPES = {
    "name_complete": pa.bool_(),
    "id_lifelong": pa.bool_(),
    **dict.fromkeys(("readings", "words", "phones", "phones_partial"), _TEXTS),
}
_BIRTH = {"birth_date": pa.date32(), "birth_digits": _TEXT}


def _typed(names: Iterable[str]) -> dict[str, pa.DataType]:
    return {name: _TYPES.get(name, _TEXT) for name in names}


SCHEMA = pa.schema(
    {
        "row": pa.int64(),
        "source": _TEXT,
        "source_key": _TEXT,
        **_typed((*PERSON, *CREDENTIAL)),
        **_BIRTH,
        "gender": _TEXT,
        **_typed((*PHONES, "email", *ADDRESS, *ORGANISATION[len(NAME) :], *LEGAL_PERSON)),
    }
)

Columns = dict[str, pa.Array]


def normalise_table(records: pa.Table, kind: Kind, *, first_row: int = 0) -> pa.Table:
    """The normalised table of a table that has the columns ``FIELDS`` or some of them, texts or nulls.

    >>> records = pa.table({"source": ["DK"], "source_key": ["7"], "name": ["張曉麗 女士"],
    ...                     "phone": ["138 0013 8000"]})
    >>> found = normalise_table(records, "person").to_pylist()[0]
    >>> found["name_key"], found["pinyin"], found["phones"], found["gender"], found["email"]
    ('张晓丽', 'zhangxiaoli', ['+8613800138000'], '2', None)
    """
    given = _put_right({field: _texts(records, field) for field in FIELDS})
    with _uncollected():
        said = _person_columns(given) if kind == "person" else _organisation_columns(given)
        said |= _mapped(given["phone"], lambda text: phone_values(kind, phones(text)), _typed(PHONES))
        said |= _mapped(given["email"], lambda text: (email_key(text),), {"email": _TEXT})
        said |= _mapped(given["address"], lambda text: address_values(address(text)), _typed(ADDRESS))
    unsaid = {field.name: pa.nulls(len(records), field.type) for field in SCHEMA}
    keys = {
        "row": pa.array(range(first_row, first_row + len(records)), pa.int64()),
        "source": given["source"],
        "source_key": given["source_key"],
    }
    return pa.table({**unsaid, **keys, **said}).select(SCHEMA.names)


def _person_columns(given: Columns) -> Columns:
    columns = _mapped(given["name"], _person, _typed((*PERSON, "title")))
    columns |= _credentials("person", given["credential_type"], given["credential_no"])
    birth = _mapped(given["birth_date"], _birth, _BIRTH)
    told = _mapped(given["gender"], lambda text: (gender_code(text),), {"gender": _TEXT})
    columns["birth_date"] = pc.coalesce(columns["id_birth_date"], birth["birth_date"])
    columns["birth_digits"] = pc.coalesce(birth["birth_digits"], pc.strftime(columns["birth_date"], "%Y%m%d"))
    columns["gender"] = pc.coalesce(columns["id_gender"], told["gender"], columns["title"])
    return columns


def _organisation_columns(given: Columns) -> Columns:
    columns = _mapped(
        given["name"], lambda text: organisation_values(organisation_name(text)), _typed(ORGANISATION)
    )
    columns |= _credentials("organisation", given["credential_type"], given["credential_no"])
    return columns | _mapped(
        given["legal_person"], lambda text: legal_person_values(person_name(text)), _typed(LEGAL_PERSON)
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of cycles: it would walk over millions of small results that hold none, for a quarter
    of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _texts(records: pa.Table, field: str) -> pa.Array:
    """A column as one array of texts; NULL where it is absent or blank."""
    if field not in records.column_names:
        return pa.nulls(len(records), _TEXT)
    column = records.column(field).combine_chunks().cast(_TEXT)
    if field in ("source", "source_key"):
        return column
    trimmed = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(trimmed, ""), None, trimmed)


def _put_right(given: Columns) -> Columns:
    """The columns with values moved to the fields they belong to; few records need it."""
    suspect = pa.array([False] * len(given["name"]), pa.bool_())
    for field, pattern in SUSPECT.items():
        suspect = pc.or_(suspect, pc.fill_null(pc.match_substring_regex(given[field], pattern), False))
    if not pc.any(suspect).as_py():
        return given
    rows = pc.indices_nonzero(suspect)
    taken = (given[field].take(rows).to_pylist() for field in Fields._fields)
    right = (put_right(Fields(*(text or "" for text in texts))) for texts in zip(*taken, strict=True))
    return given | {
        field: pc.replace_with_mask(given[field], suspect, pa.array([text or None for text in texts], _TEXT))
        for field, texts in zip(Fields._fields, zip(*right, strict=True), strict=True)
    }


def _mapped(column: pa.Array, read: Callable[[str], Iterable[Any]], types: dict[str, pa.DataType]) -> Columns:
    """The columns that ``read`` gives for each text, reading each distinct text once.

    ``read`` answers one value per column; an empty one stands for nothing said.
    """
    coded = column.dictionary_encode()
    rows = [read(text) for text in coded.dictionary.to_pylist()]
    values: Iterable[Iterable[Any]] = zip(*rows, strict=True) if rows else ([] for _ in types)
    return {
        name: pa.array([value if value or value is False else None for value in found], type_).take(
            coded.indices
        )
        for (name, type_), found in zip(types.items(), values, strict=True)
    }


def _person(text: str) -> Iterable[Any]:
    name = person_name(text)
    return *person_values(name), name.gender_hint.replace("0", "")


def _credentials(kind: Kind, types: pa.Array, numbers: pa.Array) -> Columns:
    """Credential columns, besides ``id_birth_date`` and ``id_gender`` told by a person's valid one."""
    both = pc.binary_join_element_wise(pc.fill_null(types, ""), numbers, "\x1f")
    read = {**_typed(CREDENTIAL), "id_birth_date": pa.date32(), "id_gender": _TEXT}

    def one(text: str) -> Iterable[Any]:
        type_given, _, number = text.partition("\x1f")
        found = credential(kind, type_given, number)
        told: tuple[Any, Any] = (None, None)
        if found is not None and found.valid and kind == "person":
            told = (found.birth_date, found.gender.replace("0", ""))
        return *credential_values(kind, found), *told

    return _mapped(both, one, read)


def _birth(text: str) -> Iterable[Any]:
    return calendar_date(text), day_digits(text)
