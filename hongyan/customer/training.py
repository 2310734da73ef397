"""What a model of the house is trained on and measured by (训练资料): its parties, what stewards said, pairs drawn.

Everything here looks past every scope and unseals what parties are compared by, in memory only, a portion at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import connection

from hongyan.core import scope
from hongyan.customer.actions.prepare import look_up_keys
from hongyan.customer.candidates import (
    customers_per_contact,
    met_under,
    parties_by_number,
)
from hongyan.customer.codes import PairVerdict
from hongyan.customer.in_force import KINDS
from hongyan.customer.models import PairDecision
from hongyan.customer.rules.measures import Opinion, groups, is_held_out
from hongyan.customer.worth import known_parties, worth_by
from hongyan.identity.model.comparisons import COMPARISONS
from hongyan.identity.model.weights import Model
from hongyan.identity.online.party import Party
from hongyan.identity.online.scoring import compare, scorer
from hongyan.identity.record import Kind
from hongyan.identity.training.judged import Judged
from hongyan.identity.training.kept import KeptRows

PORTION = 1000
"""Parties, or pairs, that are read at once."""
KEYS_OF_ONE = 5
"""About how many candidate keys a party has."""
LABELS = 20_000
"""So many of the latest verdicts are used."""
PAIRS_OF_ONE = 20
"""Of a party that is drawn so many neighbours are compared."""

Heard = Callable[[int, int], None]
"""Told of progress as (done, total); may stop it by what it raises."""

# Under one key in `step` stand all who may be one of each other, so pairs survive the sampling, which single parties
# drawn by chance would lose.
_SAMPLE = """
SELECT DISTINCT key.party_id FROM customer_candidatekey key
JOIN customer_sourceparty party ON party.id = key.party_id AND party.party_type = %s
WHERE key.key %% %s = 0 ORDER BY 1 LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two parties to compare, with their customers; `label` is what a steward said, empty for a pair that was drawn."""

    customer: int
    candidate: int
    left: Party
    right: Party
    label: str = ""
    is_held_out: bool = False

    @property
    def parties(self) -> tuple[int, int]:
        """The ids of the two."""
        assert self.left.id is not None, "parties that are read have an id"
        assert self.right.id is not None
        return self.left.id, self.right.id


@dataclass(frozen=True, slots=True)
class Compared:
    """What the model before and the model after say of a pair."""

    pair: Pair
    before: Opinion
    after: Opinion


def sample(kind: Kind, most: int, *, heard: Heard) -> KeptRows:
    """At most so many parties of a kind, such as share something; the same ones as long as they are there."""
    with scope.bulk(), connection.cursor() as cursor:
        step = known_parties() * KEYS_OF_ONE // most if known_parties() > most else 1
        cursor.execute(_SAMPLE, [KINDS[kind], max(step, 1), most])
        numbers = [number for (number,) in cursor.fetchall()]
    rows = KeptRows(kind)
    for done, portion in enumerate(_portions(numbers), 1):
        with scope.bulk():
            for _customer, party in parties_by_number(portion).values():
                rows.add(party.row)
        heard(min(done * PORTION, len(numbers)), len(numbers))
    return rows


def labelled_pairs(kind: Kind) -> list[Pair]:
    """The pairs of a kind of which stewards said last that they are one or two; who could not tell teaches nothing."""
    with scope.bulk():
        last = _last_verdicts(kind)
        parties: dict[int, tuple[int, Party]] = {}
        for portion in _portions(sorted({number for pair in last for number in pair})):
            parties |= parties_by_number(portion)
    together = groups(last)
    return [
        Pair(
            customer=parties[one][0],
            candidate=parties[other][0],
            left=parties[one][1],
            right=parties[other][1],
            label=verdict,
            is_held_out=is_held_out(together[one]),
        )
        for (one, other), verdict in last.items()
        if one in parties and other in parties
    ]


def _last_verdicts(kind: Kind) -> dict[tuple[int, int], str]:
    decisions = PairDecision.objects.filter(
        party__party_type=KINDS[kind], other_party__party_type=KINDS[kind]
    ).order_by("-id")
    last: dict[tuple[int, int], str] = {}
    for one, other, verdict in decisions.values_list("party_id", "other_party_id", "verdict")[:LABELS]:
        last.setdefault((min(one, other), max(one, other)), verdict)
    return {pair: verdict for pair, verdict in last.items() if verdict != PairVerdict.UNSURE}


def drawn_pairs(kind: Kind, many: int, *, heard: Heard) -> Iterator[Pair]:
    """Pairs of parties that would be compared if one of them came today: of so many parties, drawn evenly."""
    with scope.bulk():
        known = known_parties()
    numbers = range(1, known + 1, max(known // many, 1)) if many else range(0)
    met: set[tuple[int, int]] = set()
    for done, portion in enumerate(_portions(numbers), 1):
        with scope.bulk():
            found = [*_neighbours(kind, portion, met)]
        yield from found
        heard(min(done * PORTION, len(numbers)), len(numbers))


def _neighbours(kind: Kind, numbers: Sequence[int], met: set[tuple[int, int]]) -> Iterator[Pair]:
    """Each party with those that stand under a key of it; `met` remembers the pairs that were told already."""
    asking = [
        (customer, party) for customer, party in parties_by_number(numbers).values() if party.kind == kind
    ]
    keys = [look_up_keys(party) for _, party in asking]
    hits, known = met_under(key for own in keys for key in own)
    for (customer, party), own in zip(asking, keys, strict=True):
        near = sorted({one for key in own for one in hits.get(key.value, ())})
        for candidate, other in islice(_others(party, near, known), PAIRS_OF_ONE):
            pair = Pair(customer, candidate, party, other)
            one, two = sorted(pair.parties)
            if (one, two) not in met:
                met.add((one, two))
                yield pair


def _others(
    party: Party, customers: Iterable[int], known: Mapping[int, Sequence[Party]]
) -> Iterator[tuple[int, Party]]:
    for customer in customers:
        for other in known.get(customer, ()):
            if other.kind == party.kind and other.id != party.id:
                yield customer, other


def judged_pairs(model: Model, pairs: Sequence[Pair]) -> list[Judged]:
    """Labelled pairs as a model weighs them; those that a safeguard rules out teach nothing."""
    names = [comparison.name for comparison in COMPARISONS[model.kind]]
    with scope.bulk():
        worth = worth_by(model, _holders(pairs))
    weighed = ((scorer(model).weigh(pair.left.row, pair.right.row, worth), pair.label) for pair in pairs)
    return [
        Judged(found.bits, {name: found.outcomes[name] for name in names}, label == PairVerdict.SAME)
        for found, label in weighed
        if found is not None
    ]


def compared(before: Model, after: Model, pairs: Iterable[Pair]) -> list[Compared]:
    """What two models say of pairs, as the house would decide today."""
    found: list[Compared] = []
    for portion in _portions(pairs):
        with scope.bulk():
            holders = _holders(portion)
            worths = [(model, worth_by(model, holders)) for model in (before, after)]
        for pair in portion:
            old, new = (compare(model, pair.left.row, pair.right.row, worth) for model, worth in worths)
            found.append(Compared(pair, Opinion(old.band, old.score), Opinion(new.band, new.score)))
    return found


def _holders(pairs: Sequence[Pair]) -> Mapping[tuple[str, object], int]:
    return customers_per_contact([pair.left for pair in pairs], [pair.right for pair in pairs])


def _portions(items: Iterable[object]) -> Iterator[list]:  # type: ignore[type-arg]
    source = iter(items)
    while portion := list(islice(source, PORTION)):
        yield portion
