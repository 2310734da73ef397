"""P2 and P3: made-up records of people and of organisations, our engine and Splink in the same run.

The seeds were never used for tuning (tuning seeds are below 1,000). ``USUAL`` is how dirty a well-kept house is,
``ROUGH`` twice that; the others have habits of their own, most of them written by other hands (``elsewhere``), where
records say little. The bars are asked of the usual one. Nobody can reach 1: the ceiling says how far records hang
together by anything at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from bench.identity import measure
from bench.identity.ceiling import attainable
from bench.identity.elsewhere.clerks import callers, ledgers, town
from bench.identity.elsewhere.firms import market
from bench.identity.habits import COPIES
from bench.identity.organisations import organisations
from bench.identity.persons import city, persons
from bench.identity.records import World
from bench.rows import Row, at_least, at_most, figure
from hongyan.identity.evaluate import Quality, evaluate
from hongyan.identity.record import Kind

USUAL, ROUGH = 0.5, 1.0
ELSEWHERE = 30_000
"""Records of the worlds by other hands: enough for a few counties."""
NORMALISE_BAR = 20_000
_WORST = 12


Worlds = dict[str, tuple[int, Callable[[int], World]]]


def run_persons(size: int, folder: Path) -> list[Row]:
    """P2."""
    elsewhere = min(size, ELSEWHERE)
    worlds: Worlds = {
        "usual": (4021, lambda seed: persons(seed, size, dirt=USUAL)),
        "rough": (5077, lambda seed: persons(seed, size, dirt=ROUGH)),
        "copies in one city": (6113, lambda seed: persons(seed, size, systems=COPIES, places=city("3205"))),
        "a county town": (7019, lambda seed: town(seed, elsewhere)),
        "callers": (7127, lambda seed: callers(seed, elsewhere)),
        "ledgers": (7211, lambda seed: ledgers(seed, elsewhere)),
    }
    return _measured("P2", "person", worlds, folder, cluster_bar=0.98, bcubed_bar=0.99)


def run_organisations(size: int, folder: Path) -> list[Row]:
    """P3."""
    worlds: Worlds = {
        "usual": (4021, lambda seed: organisations(seed, size, dirt=USUAL)),
        "rough": (5077, lambda seed: organisations(seed, size, dirt=ROUGH)),
        "a market": (7307, lambda seed: market(seed, min(size, ELSEWHERE))),
    }
    return _measured("P3", "organisation", worlds, folder, cluster_bar=0.97)


def _measured(
    id_: str, kind: Kind, worlds: Worlds, folder: Path, *, cluster_bar: float, bcubed_bar: float | None = None
) -> list[Row]:
    rows: list[Row] = []
    for name, (seed, make) in worlds.items():
        place = folder / name.replace(" ", "_")
        place.mkdir(parents=True, exist_ok=True)
        world = make(seed)
        records, table = place / "records.csv", place / "normalised.parquet"
        world.write(records, place / "truth.csv")
        columns, normalise_seconds = measure.normalised(records, kind, table)
        clusters, cost, reviews = measure.ours(records, kind, place)
        quality = _judged(world, clusters)
        best = _judged(world, attainable(columns, [row.entity for row in world.rows]))
        rivals, rival_cost = measure.splinks(table, kind, place)
        rival = max((_judged(world, found) for found in rivals.values()), key=lambda one: one.clusters.f1)
        case = f"{name}, {len(world.rows):,} records, seed {seed}"
        bars = (cluster_bar, bcubed_bar) if name == "usual" else (None, None)
        rows += _quality_rows(id_, case, quality, rival, best, bars)
        ids = _clashes(clusters, columns["id_key"].to_pylist(), columns["id_lifelong"].to_pylist())
        rows += [
            at_most(id_, f"{case}: clusters with two valid IDs", ids, "clusters", 0),
            figure(id_, f"{case}: review pairs per 1,000 records", 1000 * reviews / len(clusters), "pairs"),
            at_least(id_, f"{case}: normalise", len(clusters) / normalise_seconds, "rows/s", NORMALISE_BAR),
            _cpu(id_, case, cost.cpu_seconds - normalise_seconds, rival_cost.cpu_seconds, name == "usual"),
            figure(id_, f"{case}: CPU in all", cost.cpu_seconds, "s"),
            figure(id_, f"{case}: peak memory", cost.memory_mb, "MB"),
            figure(id_, f"{case}: Splink's peak memory", rival_cost.memory_mb, "MB"),
        ]
        rows += _worst(id_, case, quality)
    return rows


def _cpu(id_: str, case: str, ours: float, splinks: float, asked: bool) -> Row:
    """Small worlds are left without a bar: starting up is most of them."""
    text = f"{case}: CPU without normalising, which Splink is given"
    if asked:
        return at_most(id_, text, ours, "s", round(splinks, 1))
    return Row(id_, text, round(ours, 1), "s", baseline=round(splinks, 1))


def _judged(world: World, clusters: Iterable[str | int]) -> Quality:
    rows = world.rows
    return evaluate(
        *(list(clusters), [row.entity for row in rows]),
        groups=[row.group for row in rows],
        errors=[row.errors for row in rows],
    )


def _quality_rows(
    id_: str,
    case: str,
    quality: Quality,
    rival: Quality,
    best: Quality,
    bars: tuple[float | None, float | None],
) -> Iterable[Row]:
    for name, measured, baseline, ceiling, bar in (
        ("cluster F1", quality.clusters.f1, rival.clusters.f1, best.clusters.f1, bars[0]),
        ("B-cubed F1", quality.bcubed.f1, rival.bcubed.f1, best.bcubed.f1, bars[1]),
        ("pair F1", quality.pairs.f1, rival.pairs.f1, best.pairs.f1, None),
    ):
        text = f"{case}: {name} (Splink at its best {baseline:.4f}, ceiling {ceiling:.4f})"
        ok = None if bar is None else measured >= bar
        bar_text = None if bar is None else f"≥ {bar:g}"
        yield Row(id_, text, round(measured, 4), "", baseline=round(baseline, 4), bar=bar_text, ok=ok)
    yield Row(id_, f"{case}: pair precision", round(quality.pairs.precision, 4), "")
    yield Row(id_, f"{case}: pair recall", round(quality.pairs.recall, 4), "")
    within = f"{quality.wrong_within_group:,} of one household or company"
    yield figure(id_, f"{case}: wrong pairs, {within}", quality.wrong, "pairs")


def _worst(id_: str, case: str, quality: Quality) -> Iterable[Row]:
    """The kinds of error under which records fare worst."""
    kinds = sorted(quality.by_error.items(), key=lambda item: item[1][1].f1)
    for kind, (count, rates) in kinds[:_WORST]:
        text = f"{case}: B-cubed of {count:,} records with {kind}, precision {rates.precision:.3f}"
        yield Row(id_, text, round(rates.recall, 3), "recall")


def _clashes(clusters: list[str], ids: list[str | None], lifelong: list[bool | None]) -> int:
    """Clusters that hold two different valid numbers of one type that people keep for life."""
    first: dict[tuple[str, str], str] = {}
    clashing = set()
    for cluster, id_, keeps in zip(clusters, ids, lifelong, strict=True):
        if id_ and keeps and first.setdefault((cluster, id_.partition(":")[0]), id_) != id_:
            clashing.add(cluster)
    return len(clashing)
