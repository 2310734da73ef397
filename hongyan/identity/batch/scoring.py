"""The model as SQL: outcomes, bits and band of a pair of parties."""

# ruff: noqa: S608 - the queries are made of the model's conditions
from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from hongyan.identity.model.comparisons import COMPARISONS, Comparison, Level
from hongyan.identity.model.conditions import dotted
from hongyan.identity.model.safeguards import SAFEGUARDS, Safeguard, Wanted
from hongyan.identity.model.weights import Model, outcomes_of
from hongyan.identity.record import Kind

LISTED = "numbers"
"""The one column with several values that differ in worth."""

COSTLY = frozenset({"phone", "email", "gender", "address", "origin", "legal_person"})
"""Comparisons that are asked last, of the pairs that name, number and birthday leave a hope."""

BANDS = ("new", "review", "join")


def frequency_columns(kind: Kind) -> list[str]:
    """The columns whose values' frequencies count, each once."""
    levels = [level for comparison in COMPARISONS[kind] for level in comparison.levels]
    return list(dict.fromkeys(level.frequency for level in levels if level.frequency))


def holders_columns(kind: Kind) -> list[str]:
    """The columns whose values lose weight with the names known under them, each once."""
    levels = [level for comparison in COMPARISONS[kind] for level in comparison.levels]
    return list(dict.fromkeys(level.holders for level in levels if level.holders))


def outcome_names(kind: Kind) -> list[str]:
    """The columns of outcomes in what ``scored_pairs`` selects."""
    return [comparison.name for comparison in COMPARISONS[kind]]


def outcome_words(kind: Kind, alias: str) -> dict[str, str]:
    """Comparison → its outcome in words, of a relation that has the codes."""
    return {
        name: f"[{', '.join(repr(outcome) for outcome in outcomes)}][{alias}.{name} + 1]"
        for name, outcomes in outcomes_of(kind).items()
    }


def compared_pairs(kind: Kind, pairs: str, parties: str) -> str:
    """SELECT of (a, b, one code for each comparison) of every pair, for learning how often outcomes come."""
    codes = ", ".join(f"{comparison.sql(dotted)} AS {comparison.name}" for comparison in COMPARISONS[kind])
    return (
        f"SELECT a, b, {codes} FROM {pairs} p"
        f" JOIN {parties} l ON l.party = p.a JOIN {parties} r ON r.party = p.b"
    )


def scored_pairs(model: Model, pairs: str, parties: str, records: int) -> str:
    """SELECT of (a, b, one code for each comparison, bits, band) of the pairs that no safeguard rules out."""
    comparisons = COMPARISONS[model.kind]
    corrections = ", ".join(
        f"{_correction(level)} AS {comparison.name}_{level.name}"
        for comparison in comparisons
        for level in comparison.levels
        if level.frequency or level.holders
    )
    bits = " + ".join(
        [f"{model.prior(records):.6f}", *(_bits(model, comparison) for comparison in comparisons)]
    )
    both = f"JOIN {parties} l ON l.party = p.a JOIN {parties} r ON r.party = p.b"
    first, then = (
        ", ".join(
            f"{comparison.sql(dotted)} AS {comparison.name}"
            for comparison in comparisons
            if (comparison.name in COSTLY) is costly
        )
        for costly in (False, True)
    )
    # Names and numbers first: they rule most pairs out, before the rest of two parties is read.
    return f"""
        WITH looked_at AS (SELECT a, b, {first} FROM {pairs} p {both}),
        hopeful AS MATERIALIZED (SELECT * FROM looked_at WHERE {_hopeful(model.kind)}),
        compared AS (SELECT p.*, {then}, {corrections} FROM hopeful p {both}),
        weighed AS (SELECT *, ({bits})::FLOAT AS bits FROM compared)
        SELECT a, b, {", ".join(outcome_names(model.kind))}, bits, {_band(model)} AS band FROM weighed
        WHERE {_unbarred(model.kind)}
    """


def possible_pairs(model: Model, pairs: str, parties: str, records: int) -> str:
    """SELECT of the scored pairs that are not plainly of two."""
    return f"SELECT * FROM ({scored_pairs(model, pairs, parties, records)}) WHERE band > 0"


def with_themselves(model: Model, parties: str, records: int) -> str:
    """SELECT of each party's score with itself; one whose evidence would not join it to itself joins nobody."""
    return scored_pairs(model, f"(SELECT party AS a, party AS b FROM {parties})", parties, records)


def strong(model: Model, parties: str, own: str) -> str:
    """The parties that say enough (``own``: their scores with themselves) to meet others, as a relation."""
    return f"(SELECT p.* FROM {parties} p JOIN {own} own ON own.a = p.party WHERE own.bits >= {model.review})"


def _bits(model: Model, comparison: Comparison) -> str:
    """The bits of one comparison from its code: the trained weight, corrected for the value."""
    cases = []
    for code, (name, weight) in enumerate(
        zip(comparison.outcomes, model.weights(comparison.name), strict=True)
    ):
        level = next((level for level in comparison.levels if level.name == name), None)
        if level and level.frequency:
            agreed = math.log2(model.chances[comparison.name][name].m)
            cases.append(f"WHEN {code} THEN {agreed:.6f} + {comparison.name}_{name}")
        elif level and level.holders:
            cases.append(f"WHEN {code} THEN {weight:.6f} + {comparison.name}_{name}")
        else:
            cases.append(f"WHEN {code} THEN {weight:.6f}")
    return f"CASE {comparison.name} {' '.join(cases)} END"


def _correction(level: Level) -> str:
    column = level.frequency or level.holders
    ours, theirs = f"l.{column}_bits", f"r.{column}_bits"
    if column != LISTED:
        return f"coalesce(least({ours}, {theirs}), 0)"
    # The best of the shared values counts; nearly everybody has one, which needs no search.
    mine, yours = f"l.{LISTED}", f"r.{LISTED}"
    shared = (
        f"list_max(list_transform(list_intersect({mine}, {yours}),"
        f" lambda value: {ours}[list_position({mine}, value)]))"
    )
    one = f"CASE WHEN len({mine}) = 1 THEN {ours}[1] WHEN len({yours}) = 1 THEN {theirs}[1] ELSE {shared} END"
    return f"coalesce({one}, 0)"


def _hopeful(kind: Kind) -> str:
    """Whether no safeguard rules the pair out at once: asked first, for it spares most pairs the costly rest.

    What is costly to compare is taken to be in the pair's favour here; ``_unbarred`` has the last word.
    """
    found = {comparison.name: comparison.name for comparison in COMPARISONS[kind]}
    barring = (
        guard for guard in SAFEGUARDS[kind] if guard.at_most == "new" and not COSTLY & guard.when.keys()
    )
    cheap = (
        replace(guard, unless=tuple(_without(COSTLY, wanted) for wanted in guard.unless)) for guard in barring
    )
    return " AND ".join(f"NOT {_applies(guard, kind, found)}" for guard in cheap)


def _unbarred(kind: Kind) -> str:
    """Whether no safeguard rules the pair out, asked of the codes."""
    found = {comparison.name: comparison.name for comparison in COMPARISONS[kind]}
    barring = (guard for guard in SAFEGUARDS[kind] if guard.at_most == "new")
    return " AND ".join(f"NOT {_applies(guard, kind, found)}" for guard in barring)


def _without(costly: frozenset[str], wanted: Wanted) -> Wanted:
    return {name: accepted for name, accepted in wanted.items() if name not in costly}


def _band(model: Model) -> str:
    """The position of the band in ``BANDS``; what is ruled out altogether is not scored at all."""
    found = {comparison.name: comparison.name for comparison in COMPARISONS[model.kind]}
    held = (
        _applies(guard, model.kind, found) for guard in SAFEGUARDS[model.kind] if guard.at_most == "review"
    )
    return (
        f"(CASE WHEN bits < {model.review} THEN 0"
        f" WHEN bits < {model.join} OR {' OR '.join(held)} THEN 1 ELSE 2 END)::TINYINT"
    )


def _applies(guard: Safeguard, kind: Kind, sql: Mapping[str, str]) -> str:
    """Whether a safeguard holds a pair back; ``sql`` tells how each comparison's code is had."""
    outcomes = outcomes_of(kind)

    def met(wanted: Wanted) -> str:
        among = (
            f"{sql[name]} IN ({', '.join(str(outcomes[name].index(outcome)) for outcome in sorted(accepted))})"
            for name, accepted in wanted.items()
        )
        return f"({' AND '.join(among) or 'TRUE'})"

    return f"({' AND NOT '.join(map(met, (guard.when, *guard.unless)))})"
