"""Survivorship (黄金记录生成): which source's value each golden field takes, and why.

Order of the criteria: chosen by a person > verified > rank of the source > validity > recency > the older record.
Fields of one group survive together: an address never takes its postcode from another source. Source: DESIGN 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hongyan.customer.rules.custom import PREFIX

RULE_VERSION = 1

GROUPS: tuple[tuple[str, ...], ...] = (
    ("name",),
    ("short_name",),
    ("gender",),
    ("birth_date",),
    ("credential_masked", "credential_type"),
    ("mobile_masked",),
    ("landline_masked",),
    ("email_masked",),
    ("address", "division", "postcode"),
    ("legal_person",),
    ("industry",),
    ("scale",),
)
"""The golden fields; the first of a group decides whether a source has anything to say about it."""

CUSTOM = "custom"
"""Under which a record holds the values of fields that the house defined, by their codes."""

REASONS = ("verified", "rank", "validity", "recency")
"""Why a value won, in the order of the criteria; besides `only` (no other source), `agreed` (all say the same),
`complete` (all others are fragments) and `pinned` (a person chose it)."""

UNRANKED, LAST, BROUGHT = 1000, 1001, 1002
"""Ranks of systems nobody ranked, of what somebody typed, and of what somebody brought in a file."""


@dataclass(frozen=True, slots=True)
class View:
    """One current source record as survivorship sees it.

    `verified` and `invalid` name golden groups by their first field; `recency` is any number that grows with time.
    A value in `fragments` (王女士) counts only where no source has a whole one; a group in `cleared` has no value at
    all, whatever sources say. `party_type` and `status` are the source's word on the party as a whole, `party_id` the
    party that speaks, where it is known.
    """

    record_id: int
    system: str
    fields: Mapping[str, Any]
    recency: float
    party_type: str = "P"
    status: str = "active"
    verified: frozenset[str] = frozenset()
    invalid: frozenset[str] = frozenset()
    fragments: frozenset[str] = frozenset()
    party_id: int = 0
    cleared: frozenset[str] = frozenset()


NO_PINS: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class Golden:
    """Golden values and, per field, `[source record id, reason]`."""

    values: dict[str, Any]
    lineage: dict[str, list[Any]]


def golden(views: Sequence[View], ranks: Mapping[str, int], pins: Mapping[str, int] = NO_PINS) -> Golden:
    """Calculate the golden record from the current source records of one customer.

    `ranks` maps a system to its rank, 0 the most trusted. `pins` maps the first field of a group to the party that a
    person chose for it; one that has nothing to say about it is passed over. The result does not depend on the order of
    `views`.

    >>> old = View(1, "kgc", {"name": "王小明", "mobile_masked": "138****0001"}, recency=1)
    >>> new = View(2, "jiyou", {"name": "王小明", "mobile_masked": "139****0002"}, recency=2)
    >>> golden([old, new], {"kgc": 0, "jiyou": 1}).lineage
    {'name': [1, 'agreed'], 'mobile_masked': [1, 'rank']}
    >>> house = View(3, "hongyan", {"name": "王小明"}, recency=3, cleared=frozenset({"mobile_masked"}))
    >>> golden([old, new, house], {"kgc": 0, "jiyou": 1}).values
    {'name': '王小明'}
    >>> golden([View(1, "kgc", {"name": "王小明", "custom": {"grade": "A"}}, recency=1), new], {}).values["x_grade"]
    'A'
    """
    if any(CUSTOM in view.fields for view in views):
        views = [_flat(view) for view in views]
    if len(views) == 1:
        return _alone(views[0])
    values: dict[str, Any] = {}
    lineage: dict[str, list[Any]] = {}
    cleared = {head for view in views for head in view.cleared}
    for group in _groups(views):
        head = group[0]
        if head in cleared:
            continue
        speakers = [view for view in views if view.fields.get(head) not in (None, "")]
        if not speakers:
            continue
        whole = [view for view in speakers if head not in view.fragments] or speakers
        best, reason = _survivor(whole, head, ranks)
        if len(whole) == 1 < len(speakers):
            reason = "complete"
        chosen = [view for view in speakers if head in pins and view.party_id == pins[head]]
        if chosen:
            best, reason = chosen[0], "pinned"
        for field in group:
            value = best.fields.get(field)
            if value not in (None, ""):
                values[field] = value
                lineage[field] = [best.record_id, reason]
    return Golden(values, lineage)


def _flat(view: View) -> View:
    """A record with the fields that the house defined beside all others, each a group of its own."""
    custom = view.fields.get(CUSTOM)
    if not custom:
        return view
    named = {f"{PREFIX}{code}": value for code, value in custom.items()}
    return replace(view, fields={**view.fields, **named})


def _groups(views: Sequence[View]) -> Iterable[tuple[str, ...]]:
    codes = {code for view in views for code in view.fields.get(CUSTOM) or ()}
    return (*GROUPS, *((f"{PREFIX}{code}",) for code in sorted(codes))) if codes else GROUPS


def _alone(view: View) -> Golden:
    """What `golden` answers for one source, which is most customers of a first load."""
    fields = view.fields
    values = {
        field: value
        for group in _groups([view])
        if fields.get(group[0]) not in (None, "")
        for field in group
        if (value := fields.get(field)) not in (None, "")
    }
    return Golden(values, {field: [view.record_id, "only"] for field in values})


def _survivor(speakers: Sequence[View], head: str, ranks: Mapping[str, int]) -> tuple[View, str]:
    if len(speakers) == 1:
        return speakers[0], "only"

    def standing(view: View) -> tuple[float, ...]:
        return (
            head in view.verified,
            -ranks.get(view.system, UNRANKED),
            head not in view.invalid,
            view.recency,
            -view.record_id,
        )

    ordered = sorted(speakers, key=standing, reverse=True)
    best, second = ordered[0], ordered[1]
    if all(view.fields[head] == best.fields[head] for view in ordered):
        return best, "agreed"
    pairs = zip(standing(best), standing(second), strict=True)
    decisive = next((position for position, (won, lost) in enumerate(pairs) if won != lost), len(REASONS))
    return best, REASONS[min(decisive, len(REASONS) - 1)]
