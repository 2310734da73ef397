"""Acts on many rows as pages show them (批量修改)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from hongyan.desk.codes import MassOutcome, MassState
from hongyan.desk.lists import mass_state, outcome_cell, told_act
from hongyan.desk.mass import MassAct, Row, Text, any_act, find_list
from hongyan.desk.models import MassItem, MassRun
from hongyan.desk.queries.mass import Standing, items_of
from hongyan.org.codes import Viewer

SAMPLE = 10
_NOBODY = Row("—", "—", "")
_ORDER = tuple(MassOutcome)


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One row in words; what left the viewer's scope has neither name nor values."""

    pk: int
    name: str
    code: str
    url: str
    was: str
    becomes: str
    outcome: SafeString
    why: Text


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows have an outcome, or one reason of it, and where they are listed."""

    label: Text
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class MassView:
    """One act on many: how it stands, its counts, why rows were left, some rows as a sample."""

    run: MassRun
    told: str
    state: SafeString
    standing: Standing
    list_label: Text
    list_url: str
    rows_url: str
    counts: Sequence[Count]
    reasons: Sequence[Count]
    sample: Sequence[ShownItem]
    ready: int


def shown_items(viewer: Viewer, run: MassRun, items: Collection[MassItem]) -> list[ShownItem]:
    """Rows in words. Two queries and those of the act's words."""
    act = any_act(run.list_key, run.act)
    known = find_list(run.list_key).describe(viewer, [item.key for item in items])
    words = _words(act, [item for item in items if item.key in known])
    return [
        ShownItem(
            pk=item.pk,
            name=row.name,
            code=row.code,
            url=row.url,
            was=words.get(item.was, item.was) if item.key in known else "",
            becomes=words.get(item.becomes, item.becomes) if item.key in known else "",
            outcome=outcome_cell(item.outcome),
            why=act.why(item.why) if act and item.why else "",
        )
        for item in items
        for row in [known.get(item.key, _NOBODY)]
    ]


def _words(act: MassAct | None, items: Collection[MassItem]) -> dict[str, str]:
    codes = {code for item in items for code in (item.was, item.becomes) if code}
    return dict(act.words(codes)) if act and codes else {}


def mass_view(viewer: Viewer, run: MassRun, standing: Standing) -> MassView:
    """An act on many as its page shows it, with a sample of what is to change, or has changed."""
    rows, act = find_list(run.list_key), any_act(run.list_key, run.act)
    rows_url = reverse("desk:mass_rows", args=[run.pk])
    telling = {MassState.READY: MassOutcome.READY, MassState.DONE: MassOutcome.CHANGED}.get(
        MassState(run.state)
    )
    sample = items_of(run).filter(outcome=telling).order_by("pk")[:SAMPLE] if telling else []
    return MassView(
        run=run,
        told=str(told_act(run)),
        state=mass_state(run),
        standing=standing,
        list_label=rows.label,
        list_url=reverse(rows.address),
        rows_url=rows_url,
        counts=[
            Count(one.label, standing.counts[one], f"{rows_url}?{urlencode({'outcome': one.value})}")
            for one in _ORDER
            if standing.counts.get(one)
        ],
        reasons=[
            Count(
                act.why(one.why) if act else one.why,
                one.count,
                f"{rows_url}?{urlencode({'outcome': one.outcome.value})}",
            )
            for one in standing.reasons
        ],
        sample=shown_items(viewer, run, list(sample)),
        ready=standing.counts.get(MassOutcome.READY, 0),
    )
