"""What a correction by hand says, and whether a second person has to agree (更正资料). Pure.

Source: REQUIREMENTS CUS-006, CUS-009; issue "The customer's life", Update.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from hongyan.customer.rules.custom import PREFIX
from hongyan.customer.rules.golden import CUSTOM, GROUPS

TYPED: Mapping[str, str] = {
    "name": "name",
    "short_name": "short_name",
    "gender": "gender",
    "birth_date": "birth_date",
    "credential_type": "credential_masked",
    "credential_no": "credential_masked",
    "mobile": "mobile_masked",
    "landline": "landline_masked",
    "email": "email_masked",
    "address": "address",
    "legal_person": "legal_person",
    "industry": "industry",
    "scale": "scale",
}
"""Field of the form → the head of the golden group that it speaks of."""

CONTEXT = frozenset({"name"})
"""What a correction's record says only so that it can be compared: it changes no golden value unless corrected."""

_GROUP = {group[0]: frozenset(group) for group in GROUPS} | {
    # A valid resident ID tells birth date and sex better than any form.
    "credential_masked": frozenset(
        {"credential_masked", "credential_type", "credential_valid", "birth_date", "gender"}
    )
}


def head_of(name: str) -> str:
    """The golden group that a typed field, or a head, speaks of; what the house defined is a group of its own."""
    return TYPED.get(name, name)


def heads_of(typed: Collection[str]) -> tuple[str, ...]:
    """The golden groups that some typed fields, or heads, speak of, in the order of the golden record.

    >>> heads_of(["mobile", "credential_no", "credential_type"])
    ('credential_masked', 'mobile_masked')
    """
    wanted = {head_of(name) for name in typed}
    own = sorted(head for head in wanted if head.startswith(PREFIX))
    return (*(group[0] for group in GROUPS if group[0] in wanted), *own)


def said_anew(
    fields: Mapping[str, object], heads: Collection[str], cleared: Collection[str]
) -> dict[str, object]:
    """The house's record after a correction of some groups, of which some are emptied (清空).

    `fields` are its values with the new ones in them. An emptied group says nothing any more and silences all sources,
    until somebody gives it a value again.

    >>> said_anew({"name": "王小明", "address": "旧", "corrected": ["address"]}, ["address"], ["address"])
    {'name': '王小明', 'corrected': [], 'cleared': ['address']}
    >>> said_anew({"name": "王小明", "address": "新", "cleared": ["address"]}, ["address"], [])
    {'name': '王小明', 'address': '新', 'corrected': ['address'], 'cleared': []}
    """
    gone = {name for name, head in TYPED.items() if head in set(cleared)}
    before = {key: set(fields.get(key, ())) for key in ("corrected", "cleared")}  # type: ignore[call-overload]
    kept = {
        name: value
        for name, value in fields.items()
        if name not in gone and name not in {"corrected", "cleared"}
    }
    if own := kept.pop(CUSTOM, {}):
        kept[CUSTOM] = {code: value for code, value in own.items() if f"{PREFIX}{code}" not in cleared}  # type: ignore[attr-defined]
    return {
        **kept,
        "corrected": sorted((before["corrected"] | set(heads)) - set(cleared)),
        "cleared": sorted((before["cleared"] - set(heads)) | set(cleared)),
    }


def spoken(fields: Mapping[str, object], corrected: Collection[str]) -> dict[str, object]:
    """Of a correction's record what survivorship hears: the corrected groups, and the name as mere context.

    >>> spoken({"name": "王小明", "gender": "1", "mobile_masked": "138****0001"}, ["mobile_masked"])
    {'name': '王小明', 'mobile_masked': '138****0001'}
    """
    heard = CONTEXT.union(*(_GROUP.get(head, frozenset()) for head in corrected))
    said = {name: value for name, value in fields.items() if name in heard}
    own = {code: value for code, value in fields.get(CUSTOM, {}).items() if f"{PREFIX}{code}" in corrected}  # type: ignore[attr-defined]
    return {**said, CUSTOM: own} if own else said


def takes_second(
    heads: Collection[str],
    *,
    has_agreement: bool,
    is_own: bool,
    checked: Collection[str],
    always: Collection[str],
) -> bool:
    """Whether a correction of some groups waits for a second person.

    `checked` are the groups that wait where the customer has an agreement, `always` those that wait with everybody.
    Whoever does not look after the customer asks in any case those who do (X-22: nobody changes another's customer).

    >>> takes_second(["mobile_masked"], has_agreement=True, is_own=True, checked=["name"], always=["name"])
    False
    >>> takes_second(["mobile_masked"], has_agreement=False, is_own=False, checked=[], always=[])
    True
    """
    waits = {*always, *(checked if has_agreement else ())}
    return not is_own or not waits.isdisjoint(heads)
