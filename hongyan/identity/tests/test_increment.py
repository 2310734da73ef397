"""Records that come in addition: known clusters keep their names, differences are proposed, decisions are heeded."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from hongyan.identity.batch.engine import Options, Result, resolve_records
from hongyan.identity.batch.records import RecordsError
from hongyan.identity.model.weights import default_model
from hongyan.identity.tests.drawn import drawn, written
from hongyan.identity.tests.people import PHONE, citizen

Raw = Mapping[str, str]
OTHER_PHONE = "13987654321"


def _person(key: str, name: str, **fields: str) -> dict[str, str]:
    return {"source": "DK", "source_key": key, "name": name, **fields}


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class _House:
    """One file after the other, each in addition to those before."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.known, self.runs = folder, None, 0
        self.result: Result
        self.proposals: list[dict[str, str]] = []

    def takes(self, records: Sequence[Raw], decisions: Sequence[tuple[str, str, str]] = ()) -> dict[str, str]:
        """The links after a file; ``decisions``: (key, key, what was decided)."""
        self.runs += 1
        place = self.folder / str(self.runs)
        place.mkdir()
        proposals = place / "proposals.csv" if self.known else None
        self.result = resolve_records(
            written(place / "records.csv", records),
            place / "links.csv",
            models=[default_model("person")],
            proposals=proposals,
            options=Options(
                threads=1,
                work=place / "work",
                known=self.known,
                decisions=_decided(place / "decisions.csv", decisions) if decisions else None,
            ),
        )
        self.known = place / "work"
        self.proposals = _read(proposals) if proposals else []
        return {row["source_key"]: row["cluster"] for row in _read(place / "links.csv")}


def _decided(path: Path, decisions: Sequence[tuple[str, str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("source_a", "source_key_a", "source_b", "source_key_b", "decision"))
        writer.writerows(("DK", one, "DK", other, decision) for one, other, decision in decisions)
    return path


@pytest.fixture
def house(tmp_path: Path) -> _House:
    return _House(tmp_path)


def test_a_new_record_joins_the_known_cluster_and_takes_its_name(house: _House) -> None:
    before = house.takes([_person("1", "张小丽", phone=PHONE), _person("2", "王建国", phone=OTHER_PHONE)])
    after = house.takes([_person("0", "张晓丽", phone=PHONE), _person("3", "单雄信", phone="13700001111")])
    assert {key: after[key] for key in before} == before
    assert after["0"] == before["1"]
    assert after["3"] not in before.values()
    assert house.result.proposals == 0


def test_two_known_clusters_that_a_new_record_connects_stay_and_are_proposed_to_merge(house: _House) -> None:
    before = house.takes(
        [_person("1", "张小丽", phone=PHONE), _person("2", "张小丽", email="zhang@example.com")]
    )
    assert before["1"] != before["2"]
    after = house.takes([_person("3", "张小丽", phone=PHONE, email="zhang@example.com")])
    assert (after["1"], after["2"]) == (before["1"], before["2"])
    assert after["3"] in before.values()
    (proposal,) = house.proposals
    assert proposal["proposal"] == "merge"
    assert {proposal["cluster_a"], proposal["cluster_b"]} == set(before.values())
    assert float(proposal["bits"]) > 0


def test_an_id_that_tells_two_people_apart_proposes_a_split(house: _House) -> None:
    before = house.takes(
        [
            _person("1", "张小丽", phone=PHONE, credential_no=citizen()),
            _person("2", "张小丽", phone=PHONE),
        ]
    )
    assert before["1"] == before["2"]
    # The second record comes again and now says whose it is.
    after = house.takes([_person("2", "张小丽", phone=PHONE, credential_no=citizen(sequence=14))])
    assert after == before
    assert [proposal["proposal"] for proposal in house.proposals] == ["split"]


def test_what_comes_again_unchanged_changes_nothing(house: _House) -> None:
    records = drawn("person", 120)
    before = house.takes(records)
    assert house.takes(records[:60]) == before
    assert house.proposals == []


def test_strangers_and_their_order_change_nothing(tmp_path: Path) -> None:
    records = drawn("person", 160, seed=5)
    links = []
    for name, more in (("a", records[100:]), ("b", records[:99:-1])):
        (tmp_path / name).mkdir()
        house = _House(tmp_path / name)
        before = house.takes(records[:100])
        stranger = _person(
            "stranger", "欧阳娜娜", phone="13511112222", credential_no=citizen(birth="19300101")
        )
        after = house.takes([*more, stranger] if name == "a" else more)
        assert {key: after[key] for key in before} == before
        links.append({key: cluster for key, cluster in after.items() if key != "stranger"})
    assert links[0] == links[1]


def test_decisions_stand_above_the_evidence(house: _House) -> None:
    records = [
        _person("1", "张小丽", phone=PHONE),
        _person("2", "张晓丽", phone=PHONE),
        _person("3", "王建国", phone=OTHER_PHONE),
    ]
    undecided = house.takes(records)
    assert undecided["1"] == undecided["2"] != undecided["3"]
    house.known = None
    decided = house.takes(records, [("2", "1", "different"), ("2", "3", "same")])
    assert decided["1"] != decided["2"] == decided["3"]
    assert house.result.review_pairs == 0, "what was decided is not asked again"


def test_two_ids_meet_only_where_two_persons_vouch(house: _House) -> None:
    records = [
        _person("1", "张小丽", credential_no=citizen()),
        _person("2", "张小丽", credential_no=citizen(sequence=14)),
    ]
    links = house.takes(records, [("1", "2", "same")])
    assert links["1"] != links["2"]
    house.known = None
    links = house.takes(records, [("1", "2", "override")])
    assert links["1"] == links["2"]


def test_decisions_about_known_clusters_are_proposed(house: _House) -> None:
    before = house.takes([_person("1", "张小丽", phone=PHONE), _person("2", "张晓丽", phone=PHONE)])
    after = house.takes(
        [_person("3", "单雄信", phone=OTHER_PHONE)], [("1", "2", "different"), ("1", "3", "same")]
    )
    assert {key: after[key] for key in before} == before
    assert after["3"] == before["1"]
    assert [proposal["proposal"] for proposal in house.proposals] == ["split"]


def test_a_folder_of_no_finished_run_is_refused(house: _House, tmp_path: Path) -> None:
    house.known = tmp_path
    with pytest.raises(RecordsError, match="no folder of a finished run"):
        house.takes([_person("1", "张小丽", phone=PHONE)])


def test_decisions_in_other_words_are_refused(house: _House) -> None:
    with pytest.raises(RecordsError, match="none of same, different, override"):
        house.takes([_person("1", "张小丽", phone=PHONE)], [("1", "2", "perhaps")])
