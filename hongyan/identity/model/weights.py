"""The trained part of the model, one readable JSON for each kind: probabilities, thresholds, where they are from."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from hongyan.identity.model.comparisons import COMPARISONS, UNKNOWN
from hongyan.identity.model.safeguards import SAFEGUARDS, Outcomes
from hongyan.identity.record import Kind
from hongyan.identity.verdict import Band

FORMAT = 1


class ModelError(ValueError):
    """A model that cannot be used; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Chance:
    """How often an outcome comes among pairs of one party (``m``) and of two parties (``u``); both in (0, 1]."""

    m: float
    u: float

    @property
    def weight(self) -> float:
        """The evidence in bits, positive for one party.

        >>> Chance(0.8, 0.1).weight
        3.0
        """
        return math.log2(self.m / self.u)


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """What decides about a pair; one model is equal to itself alone, so that what is made of it can be kept.

    Fields: ``population`` records: a smaller file counts as a sample of so many, so that few records do not
    make weak evidence strong; ``twins`` how many other records of the same party a record has on average;
    ``join``, ``review`` thresholds in bits above even odds; ``chances`` comparison → outcome → chances;
    ``origin`` what it was trained on, for people; ``version`` counts the models of a house, 0 is shipped.
    """

    kind: Kind
    population: int
    twins: float
    join: float
    review: float
    chances: Mapping[str, Mapping[str, Chance]]
    origin: Mapping[str, Any]
    version: int = 0

    def prior(self, records: int) -> float:
        """The evidence in bits before anything is compared.

        Counted in whole doublings, so that one more record hardly ever changes anything.
        """
        return math.log2(self.twins / self.size(records))

    def size(self, records: int) -> int:
        """How many records the file stands for: ``population`` or the next power of two above it."""
        return self.population if records <= self.population else 1 << (records - 1).bit_length()

    def weights(self, comparison: str) -> list[float]:
        """Bits by position of the outcome (``Comparison.outcomes``)."""
        found = self.chances[comparison]
        return [0.0 if name == UNKNOWN else found[name].weight for name in outcomes_of(self.kind)[comparison]]

    def band(self, bits: float, outcomes: Outcomes) -> Band:
        """The band of a pair: its evidence, held back by the safeguards."""
        limits = {guard.at_most for guard in SAFEGUARDS[self.kind] if guard.applies(outcomes)}
        if bits < self.review or "new" in limits:
            return "new"
        return "review" if bits < self.join or "review" in limits else "join"


@cache
def outcomes_of(kind: Kind) -> dict[str, tuple[str, ...]]:
    """Comparison → its outcomes in order."""
    return {comparison.name: comparison.outcomes for comparison in COMPARISONS[kind]}


@cache
def default_model(kind: Kind) -> Model:
    """The model shipped for a kind, read once."""
    return read_model(files("hongyan.identity.model").joinpath(f"{kind}.json").read_text("utf-8"))


def load_model(path: Path) -> Model:
    """The model in a file.

    Errors: ModelError when it is none or does not fit the comparisons of its kind.
    """
    try:
        return read_model(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{path.name}: {error}") from error


def read_model(text: str) -> Model:
    """The model in a JSON text, checked: every outcome of every comparison, probabilities that are some."""
    try:
        return model_of(json.loads(text))
    except json.JSONDecodeError as error:
        raise ModelError(f"not a model: {error}") from error


def model_of(data: Any) -> Model:
    """The model that parsed JSON describes. Errors: ModelError."""
    try:
        if data["format"] != FORMAT:
            raise ModelError(f"format {data['format']} is not {FORMAT}")
        chances = {
            name: {outcome: Chance(float(c["m"]), float(c["u"])) for outcome, c in outcomes.items()}
            for name, outcomes in data["comparisons"].items()
        }
        model = Model(
            data["kind"],
            int(data["population"]),
            float(data["twins"]),
            float(data["bands"]["join"]),
            float(data["bands"]["review"]),
            chances,
            data.get("origin", {}),
            int(data.get("version", 0)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"not a model: {error}") from error
    _check(model)
    return model


def write_model(model: Model) -> str:
    """The model as JSON, with the weight of each outcome for the reader."""
    return json.dumps(model_data(model), ensure_ascii=False, indent=1) + "\n"


def model_data(model: Model) -> dict[str, Any]:
    """What ``write_model`` writes."""
    return {
        "format": FORMAT,
        "kind": model.kind,
        "version": model.version,
        "population": model.population,
        "twins": model.twins,
        "bands": {"join": model.join, "review": model.review},
        "comparisons": {
            name: {
                outcome: {"m": _rounded(c.m), "u": _rounded(c.u), "weight": round(c.weight, 2)}
                for outcome, c in (
                    (outcome, model.chances[name][outcome]) for outcome in outcomes if outcome != UNKNOWN
                )
            }
            for name, outcomes in outcomes_of(model.kind).items()
        },
        "origin": dict(model.origin),
    }


def _check(model: Model) -> None:
    if model.kind not in COMPARISONS:
        raise ModelError(f"kind {model.kind!r} is neither person nor organisation")
    for name, outcomes in outcomes_of(model.kind).items():
        missing = set(outcomes) - {UNKNOWN} - set(model.chances.get(name, {}))
        if missing:
            raise ModelError(f"{name}: no chances for {', '.join(sorted(missing))}")
    for name, found in model.chances.items():
        for outcome, chance in found.items():
            if not (0 < chance.m <= 1 and 0 < chance.u <= 1):
                raise ModelError(f"{name}.{outcome}: m and u are probabilities above 0")
    if model.review > model.join or model.population < 1 or model.twins <= 0:
        raise ModelError("review must not stand above join, population and twins not below 1 and 0")


def _rounded(probability: float) -> float:
    return float(f"{probability:.4g}")
