"""Learning: what agrees by error and by chance, and what is not believed."""

from __future__ import annotations

from pathlib import Path

import pytest

from hongyan.identity.model.weights import default_model
from hongyan.identity.tests.drawn import written
from hongyan.identity.tests.people import citizen
from hongyan.identity.training.clamp import believed
from hongyan.identity.training.train import train_model


def test_a_comparison_that_learned_nonsense_is_kept_whole() -> None:
    """EM blocked on families learns that IDs of one party hardly ever agree."""
    model = default_model("person")
    nonsense = {"id": {"same": (0.01, 1e-7), "conflict": (0.98, 0.9), "different": (0.01, 0.1)}}
    learned, doubts = believed(model, nonsense, {})
    assert learned.chances["id"] == model.chances["id"]
    assert [*map(str, doubts)] == ["id: kept, its pairs hardly ever agree"]


def test_a_weight_moves_by_four_bits_at_most_and_says_so() -> None:
    model = default_model("person")
    learned, doubts = believed(model, {"gender": {"different": (0.5, 0.5), "same": (0.5, 0.5)}}, {})
    start = model.chances["gender"]["different"].weight
    assert learned.chances["gender"]["different"].weight == pytest.approx(start + 4)
    assert any(str(doubt).startswith("gender.different") for doubt in doubts)


def test_what_was_not_met_and_rare_chances_of_strangers_stay() -> None:
    model = default_model("person")
    learned, _ = believed(model, {"email": {"same": (0.9, 0.01), "different": (None, None)}}, {"records": 7})
    assert learned.chances["email"]["same"].u == model.chances["email"]["same"].u
    assert learned.chances["email"]["same"].m == pytest.approx(0.9)
    assert learned.chances["email"]["different"] == model.chances["email"]["different"]
    assert learned.origin == {"records": 7}


@pytest.mark.slow
def test_splink_learns_from_records_alone(tmp_path: Path) -> None:
    pytest.importorskip("splink", reason="Splink is needed for training only")
    people = [
        {"name": f"{surname}{given}", "credential_no": citizen(sequence=number), "phone": f"13{number:09}"}
        for number, (surname, given) in enumerate(
            (surname, given)
            for surname in "赵钱孙李周吴郑王"
            for given in ("伟", "小芳", "晓敏", "国强", "丽华")
        )
    ]
    records = [
        {"source": source, "source_key": str(key), **person, "gender": "1", "address": address}
        for key, person in enumerate(people)
        for source, address in (("DK", "观前街1号"), ("BX", "平江路2号"), ("KD", ""))
    ]
    path = written(tmp_path / "records.csv", records)
    model, _, count = train_model(path, default_model("person"))
    assert count == len(records)
    assert model.origin["learned"] == "unlabelled"
    assert model.chances["name"]["same"].m > 0.9
