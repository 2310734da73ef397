"""Records drawn from few words, so that many of them nearly agree, as CSV and as normalised parties."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb
import pyarrow as pa

from hongyan.identity.batch import parties
from hongyan.identity.normalise.batch import FIELDS, normalise_table
from hongyan.identity.normalise.text import words
from hongyan.identity.record import Kind
from hongyan.identity.tests.people import citizen, credit_code

_PEOPLE = words(
    """
    张小丽 张晓丽 張曉麗 张*丽 张** 张女士 张丽 小丽 Zhang,Xiaoli ZHANG,XIAOLI Xiaoli,Zhang 王建国 王建军 王国
    王先生 单雄信 欧阳娜娜 买买提·艾力 Mitchell,Green Mitchel,Green Green Lucy,Green 李林 李玲 林李 ,
    """
)
_FIRMS = words(
    """
    苏州市鼎盛食品有限公司 苏州鼎盛食品有限责任公司 鼎盛食品 苏州鼎胜食品有限公司 苏州鼎盛食品有限公司观前街门店
    苏州鼎盛食品有限公司工会 无锡鼎盛食品有限公司 苏州远航物流有限公司 苏州鼎盛贸易有限公司
    苏州远航物流有限公司（原苏州鼎盛食品有限公司） 江苏苏州远航物流 苏州大学 苏州大学食堂 苏州鼎盛 大鼎盛食品
    苏州鼎益食品有限公司 苏州鼎盛食品有限公司观前街门店二部 苏州市人力资源和社会保障局 苏州人社局 Dingsheng,Foods,Co.
    苏州盛鼎食品有限公司 ,
    """
)
_PLACES = (
    "江苏省苏州市姑苏区观前街12号3幢2单元501室",
    "苏州市姑苏区观前街12号3-501",
    "观前街12号",
    "观前街14号",
    "无锡市梁溪区中山路7号",
    "苏州市姑苏区观前街12号",
    "苏州市姑苏区平江路9号",
    "苏州市虎丘区枫桥路9号",
    "姑苏区某某街12号3幢2单元501室",
    "苏州市姑苏区观前街",
    "7 wallaby place, delmar, cleveland, 2119",
    "7 walaby place, delmar, clevland, 2191",
    "",
)
_PHONES = ("13812345670", "13812345671", "138****5670", "0512-65123456", "65123456", "1381234567", "")
_MAILS = ("zhang@example.com", "13812345670@139.com", "zang@example.com", "")
_CITIZENS = (citizen(), citizen(sequence=14), citizen(birth="19900203"))
_PERSON_NUMBERS = (
    *_CITIZENS,
    *(f"{number[:6]}********{number[-4:]}" for number in _CITIZENS[:1]),
    *(number[:8] + "0" + number[9:] for number in _CITIZENS[:2]),
    *("E10258836", "E10258863", "1804974", ""),
)
_CODES = (credit_code(), credit_code("MA2XYWW2"))
_FIRM_NUMBERS = (
    *_CODES,
    f"{_CODES[0][:6]}********{_CODES[0][14:]}",
    _CODES[0][8:17],
    _CODES[0][:10] + "X" + _CODES[0][11:],
    "",
)


def drawn(kind: Kind, count: int, seed: int = 1) -> list[dict[str, str]]:
    """Raw records, the same for the same seed."""
    chance = random.Random(f"{kind} {seed}")
    person = kind == "person"
    return [
        {
            "source": chance.choice(("DK", "BX")),
            "source_key": str(number),
            "name": chance.choice(sorted(_PEOPLE if person else _FIRMS)).replace(",", " "),
            "credential_no": chance.choice(_PERSON_NUMBERS if person else _FIRM_NUMBERS),
            "gender": chance.choice("12 ") if person else "",
            "birth_date": chance.choice(("1980-01-02", "1980-02-01", "19900203", "1980-01-03", ""))
            if person
            else "",
            "phone": "、".join(chance.sample(_PHONES, chance.choice((1, 1, 2)))),
            "email": chance.choice(_MAILS),
            "address": chance.choice(_PLACES),
            "legal_person": chance.choice(("张三", "张叁", "张*", "李四", "")) if not person else "",
        }
        for number in range(count)
    ]


def written(path: Path, records: Iterable[Mapping[str, str]]) -> Path:
    """The records as a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, restval="")
        writer.writeheader()
        writer.writerows(records)
    return path


def party_table(con: duckdb.DuckDBPyConnection, kind: Kind, records: Iterable[Mapping[str, str]]) -> None:
    """The table ``plain`` of parties, as the engine makes it."""
    con.register("normalised", normalise_table(pa.Table.from_pylist(list(records)), kind))
    con.execute(f"CREATE TABLE members AS {parties.members(kind, 'normalised')}")
    con.execute(f"CREATE TABLE plain AS {parties.parties(kind, 'normalised', 'members')}")
