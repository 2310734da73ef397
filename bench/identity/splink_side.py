"""The rival: Splink 5 with sensible settings, on columns that are normalised already.

`python -m bench.identity.splink_side KIND NORMALISED.parquet OUT.json` runs in a process of its own, so that CPU and
memory are Splink's. It answers the clusters at several thresholds; the bench takes the best of them, which no user
could know: the rival is not held back.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.blocking_rule_library import CustomRule
from splink.internals.exceptions import EMTrainingException

THRESHOLDS = (0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999)
SEED = 20261123
_CROWDED = 200  # a block of more records than this says nothing and costs its square


def _levels(description: str, *levels: Any) -> cl.CustomComparison:
    return cl.CustomComparison(comparison_levels=list(levels), output_column_name=description)


def _id(column: str) -> cl.CustomComparison:
    return _levels(
        *("identifier", cll.NullLevel(column), cll.ExactMatchLevel(column)),
        *(cll.DamerauLevenshteinLevel(column, 1), cll.ElseLevel()),
    )


def _phones() -> cl.CustomComparison:
    return _levels(
        "phones",
        cll.NullLevel("phones"),
        cll.ArrayIntersectLevel("phones", min_intersection=1),
        cll.ElseLevel(),
    )


def _person() -> SettingsCreator:
    name = _levels(
        *(
            "name",
            cll.NullLevel("name_key"),
            cll.ExactMatchLevel("name_key", term_frequency_adjustments=True),
        ),
        cll.CustomLevel("list_has_any(readings_l, readings_r)", "same sound"),
        cll.CustomLevel("surname_l = surname_r AND levenshtein(name_key_l, name_key_r) = 1", "one character"),
        cll.CustomLevel("surname_pinyin_l = surname_pinyin_r", "surname"),
        cll.ElseLevel(),
    )
    birth = _levels(
        *("birth", cll.NullLevel("birth_digits"), cll.ExactMatchLevel("birth_digits")),
        *(cll.DamerauLevenshteinLevel("birth_digits", 1), cll.ElseLevel()),
    )
    address = _levels(
        *("address", cll.NullLevel("address"), cll.ExactMatchLevel("address_key")),
        cll.CustomLevel("room_l = room_r AND (road_l = road_r OR estate_l = estate_r)", "same door"),
        *(cll.ExactMatchLevel("division"), cll.ElseLevel()),
    )
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            name,
            _id("id_number"),
            birth,
            cl.ExactMatch("gender"),
            _phones(),
            cl.ExactMatch("email"),
            address,
        ],
        blocking_rules_to_generate_predictions=[
            block_on("id_key"),
            block_on("phones", arrays_to_explode=["phones"]),
            block_on("name_key", "division"),
            block_on("pinyin", "birth_digits"),
            block_on("email"),
            block_on("address_key", "surname"),
        ],
    )


_SAME_PART = "branch_l IS NOT DISTINCT FROM branch_r"


def _organisation() -> SettingsCreator:
    name = _levels(
        *(
            "name",
            cll.NullLevel("name_key"),
            cll.ExactMatchLevel("name_key", term_frequency_adjustments=True),
        ),
        cll.CustomLevel(
            "stem_l = stem_r AND region_l = region_r AND branch_l IS NOT DISTINCT FROM branch_r",
            "stem, region",
        ),
        cll.CustomLevel("stem_l = stem_r AND branch_l IS NOT DISTINCT FROM branch_r", "stem"),
        cll.JaroWinklerLevel("name_key", 0.92),
        cll.ElseLevel(),
    )
    address = _levels(
        *("address", cll.NullLevel("address"), cll.ExactMatchLevel("address_key")),
        *(cll.ExactMatchLevel("division"), cll.ElseLevel()),
    )
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            *(name, _id("id_number"), cl.ExactMatch("organisation_code"), _phones()),
            *(cl.ExactMatch("email"), cl.ExactMatch("legal_person"), address),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("id_key"),
            block_on("organisation_code"),
            block_on("phones", arrays_to_explode=["phones"]),
            block_on("name_key", "division"),
            block_on("stem", "legal_person"),
            block_on("stem", "region"),
            block_on("email"),
        ],
    )


def _febrl() -> SettingsCreator:
    """Splink's own demonstration of Febrl 3 and 4, tuned by its authors."""
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("address_1", [0.9]),
            cl.JaroWinklerAtThresholds("suburb", [0.9]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("soc_sec_id"),
            block_on("given_name", "surname"),
            block_on("date_of_birth", "postcode"),
            block_on("given_name", "street_number"),
            block_on("surname", "date_of_birth"),
            block_on("postcode", "street_number"),
            block_on("address_1"),
            CustomRule("l.given_name = r.surname AND l.surname = r.given_name"),
        ],
    )


SETTINGS = {"person": _person, "organisation": _organisation, "febrl": _febrl}
DETERMINISTIC = {
    "person": [block_on("id_key", "name_key"), block_on("name_key", "address_key")],
    "organisation": [block_on("id_key", "name_key")],
    "febrl": [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")],
}
TRAINING = {
    "person": [block_on("pinyin", "phone"), block_on("id_key")],
    "organisation": [block_on("id_key"), block_on("name_key", "division")],
    "febrl": [block_on("date_of_birth"), block_on("soc_sec_id"), block_on("given_name", "surname")],
}


def link(kind: str, table: Path) -> dict[str, Any]:
    """Train and predict; per threshold the records in clusters of more than one, by unique id."""
    api = DuckDBAPI()
    records = api.register(_readable(kind, table))
    linker = Linker(records, SETTINGS[kind]())
    linker.training.estimate_probability_two_random_records_match(DETERMINISTIC[kind], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=SEED)
    for rule in TRAINING[kind]:
        with suppress(EMTrainingException):  # callers show no card: no two records share one
            linker.training.estimate_parameters_using_expectation_maximisation(rule)
    predictions = linker.inference.predict(threshold_match_probability=min(THRESHOLDS))
    return {str(threshold): _clusters(linker, predictions, threshold) for threshold in THRESHOLDS}


def _clusters(linker: Linker, predictions: Any, threshold: float) -> Sequence[Any]:
    found = linker.clustering.cluster_pairwise_predictions_at_threshold(
        predictions, threshold_match_probability=threshold
    )
    rows = found.as_duckdbpyrelation().select("unique_id, cluster_id").order("unique_id").fetchall()
    return [cluster for _, cluster in rows]


_PHONE_USE = "SELECT phone, count(*) FROM (SELECT unnest(phones) AS phone FROM c) GROUP BY phone"


def _readable(kind: str, table: Path) -> Any:
    if kind == "febrl":
        return pq.read_table(table)
    columns = duckdb.from_arrow(pq.read_table(table))
    crowded = columns.query("c", f"{_PHONE_USE} HAVING count(*) > {_CROWDED}").fetchall()
    listed = ", ".join(f"'{phone}'" for phone, _ in crowded)
    return columns.select(
        f"row AS unique_id, * EXCLUDE (row, phones), phones[1] AS phone,"
        f" nullif(list_filter(phones, lambda phone: phone NOT IN ({listed or repr('')})), []) AS phones"
    ).to_arrow_table()


if __name__ == "__main__":
    _, kind_given, source, target = sys.argv
    Path(target).write_text(json.dumps(link(kind_given, Path(source))))
