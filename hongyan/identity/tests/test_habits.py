"""What houses write and mean: pairs that are one party or are not, all in one file, each with numbers of its own."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from hongyan.identity.batch.engine import Options, resolve_records
from hongyan.identity.model.weights import default_model
from hongyan.identity.record import Kind
from hongyan.identity.tests.drawn import written
from hongyan.identity.tests.people import citizen

Raw = Mapping[str, str]
HOME = "江苏省苏州市姑苏区观前街{n}号阳光花园3幢501室"

ONE_PERSON: dict[str, tuple[Raw, Raw]] = {
    "no name, one mobile": ({"name": "", "phone": "{mobile}"}, {"name": "张小丽", "phone": "{mobile}"}),
    "mail address as the name": (
        {"name": "zhang{n}@example.com"},
        {"name": "张小丽", "email": "zhang{n}@example.com"},
    ),
    "phone in the column of the ID": (
        {"name": "李梅", "credential_no": "{mobile}"},
        {"name": "李梅", "phone": "{mobile}"},
    ),
    "ID and phone swapped": (
        {"name": "王强", "credential_no": "{mobile}", "phone": "{citizen}"},
        {"name": "王强", "credential_no": "{citizen}"},
    ),
    "given name first in capitals": (
        {"name": "XIUYING,LI", "phone": "{mobile}"},
        {"name": "李秀英", "phone": "{mobile}"},
    ),
    "first of a dotted name": (
        {"name": "尼加提·托合提", "phone": "{mobile}"},
        {"name": "尼加提", "phone": "{mobile}"},
    ),
    "birthday with two digits of the year": (
        {"name": "刘海柱", "birth_date": "58.01.02", "address": HOME},
        {"name": "刘海柱", "birth_date": "1958年1月2日", "address": HOME},
    ),
    "a surname and a mobile elsewhere": (
        {"name": "尉师傅", "phone": "{mobile}", "address": "苏州市姑苏区观前街1号"},
        {"name": "尉志强", "phone": "{mobile}", "address": "无锡市江阴市人民路9号"},
    ),
    "one estate, phones of two times": (
        {"name": "郜学文", "phone": "{mobile}", "address": "苏州市姑苏区锦绣苑旁边"},
        {"name": "郜学文", "phone": "{second}", "address": "苏州市姑苏区锦绣苑12幢101室"},
    ),
}
TWO_PERSONS: dict[str, tuple[Raw, Raw]] = {
    "brothers at one fixed line": (
        {"name": "聂明晨", "phone": "0512-6512{n:04}"},
        {"name": "聂明涵", "phone": "0512-6512{n:04}"},
    ),
    "twins with a parent's phone": (
        {"name": "王思辉", "phone": "{mobile}", "birth_date": "2015-03-04", "address": HOME},
        {"name": "王思然", "phone": "{mobile}", "birth_date": "2015-03-04", "address": HOME},
    ),
    "only the surname shown": (
        {"name": "罗**", "phone": "{mobile}", "address": HOME},
        {"name": "罗子轩", "phone": "{second}", "address": HOME},
    ),
    "no name at one door": ({"name": "", "address": HOME}, {"name": "赵敏", "address": HOME}),
    "nothing but a name": ({"name": "诸葛孔明"}, {"name": "诸葛孔明"}),
}
ONE_ORGANISATION: dict[str, tuple[Raw, Raw]] = {
    "bank by its short name": (
        {"name": "工行观前支行", "phone": "{mobile}"},
        {"name": "中国工商银行股份有限公司苏州观前支行", "phone": "{mobile}"},
    ),
    "office abbreviated": (
        {"name": "苏州市人力资源和社会保障局", "phone": "{mobile}"},
        {"name": "苏州市人社局", "phone": "{mobile}"},
    ),
    "branch by its trade name": (
        {"name": "恒泽武汉分公司", "phone": "{mobile}"},
        {"name": "沈阳恒泽网络科技有限公司武汉分公司", "phone": "{mobile}"},
    ),
    "brackets lost": (
        {"name": "天翼 苏州 装饰工程厂", "phone": "{mobile}"},
        {"name": "天翼(苏州)装饰工程厂", "phone": "{mobile}"},
    ),
    "English for Chinese": (
        {"name": "Huafeng Real Estate Co., Ltd.", "phone": "{mobile}"},
        {"name": "沈阳华丰房地产经纪有限公司", "phone": "{mobile}"},
    ),
    "shop in a town": (
        {"name": "昆山市玉山镇阿里郎超市", "phone": "{mobile}"},
        {"name": "阿里郎超市", "phone": "{mobile}"},
    ),
    "hospital by its number": (
        {"name": "昆山二院", "phone": "{mobile}"},
        {"name": "昆山市第二人民医院", "phone": "{mobile}"},
    ),
}
TWO_ORGANISATIONS: dict[str, tuple[Raw, Raw]] = {
    "two firms of one owner": (
        {"name": "苏州华盛食品有限公司", "phone": "{mobile}", "legal_person": "张三", "address": HOME},
        {"name": "苏州远达物流有限公司", "phone": "{mobile}", "legal_person": "张三", "address": HOME},
    ),
    "two branches of one bank": (
        {"name": "中国银行苏州观前支行", "phone": "{mobile}"},
        {"name": "中国银行苏州平江支行", "phone": "{mobile}"},
    ),
    "a branch and its company": (
        {"name": "苏州鼎恒食品有限公司", "phone": "{mobile}"},
        {"name": "苏州鼎恒食品有限公司无锡分公司", "phone": "{mobile}"},
    ),
}


def _joined(folder: Path, kind: Kind, pairs: Mapping[str, tuple[Raw, Raw]]) -> set[str]:
    """The pairs whose two records came into one cluster, and into none with another pair's."""
    records = []
    for number, (name, sides) in enumerate(pairs.items()):
        words = {
            "n": number + 1,
            "mobile": f"138{number:04}5670",
            "second": f"139{number:04}8765",
            "citizen": citizen(birth=f"19{60 + number}0102"),
        }
        for side, fields in enumerate(sides):
            said = {field: text.format(**words) for field, text in fields.items()}
            records.append({"source": name, "source_key": str(side), **said})
    links = folder / "links.csv"
    resolve_records(
        written(folder / "records.csv", records),
        links,
        models=[default_model(kind)],
        options=Options(threads=1),
    )
    clusters: dict[str, list[str]] = {}
    with links.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            clusters.setdefault(row["cluster"], []).append(row["source"])
    return {sources[0] for sources in clusters.values() if len(sources) == 2 and len(set(sources)) == 1}


def test_persons(tmp_path: Path) -> None:
    assert _joined(tmp_path, "person", ONE_PERSON | TWO_PERSONS) == set(ONE_PERSON)


def test_organisations(tmp_path: Path) -> None:
    assert _joined(tmp_path, "organisation", ONE_ORGANISATION | TWO_ORGANISATIONS) == set(ONE_ORGANISATION)
