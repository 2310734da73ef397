"""People who import, files they bring, and jobs carried out as a worker would."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from django.db import connection

from hongyan.core import jobs, scope
from hongyan.core.models import JobRun
from hongyan.customer.tests.factory import find_viewer
from hongyan.integration.actions.bring_import import bring, map_columns
from hongyan.integration.actions.load_import import confirm
from hongyan.integration.import_rules import guess
from hongyan.integration.models import CustomerImport
from hongyan.org.codes import Viewer

HEADER = ("姓名", "证件号码", "手机", "地址", "备注")

GOLDEN = {
    "customer": "SELECT id, name, name_key, sort_key, mobile_masked, credential_masked, address, email_masked, "
    "lineage, status FROM customer_customer WHERE status <> 'deregistered' ORDER BY id",
    "list": "SELECT customer_id, org_no, name, kind, line_codes, system_codes, source_count, has_review "
    "FROM customer_listrow ORDER BY 1, 2",
    "scope": "SELECT customer_id, line, org_no FROM customer_customerscope ORDER BY 1, 2",
    "tokens": "SELECT token, org_no, customer_id FROM customer_searchtoken ORDER BY 1, 2, 3",
    "identifiers": "SELECT record_id, kind, hash, customer_id FROM customer_identifier ORDER BY 1, 2, 3",
    "claims": "SELECT hash, customer_id FROM customer_strongkey ORDER BY 1",
    "keys": "SELECT party_id, key FROM customer_candidatekey ORDER BY 1, 2",
    "owners": "SELECT customer_id, line, unit_id, manager_id FROM customer_ownership WHERE until IS NULL ORDER BY 1, 2",
    "cases": "SELECT customer_id, candidate_id, state FROM customer_reviewcase ORDER BY 1, 2",
}
"""What makes up the golden record and is found by it."""


def digests() -> dict[str, str]:
    """One digest for each table of the golden record, whoever looks."""
    found = {}
    with scope.bulk(), connection.cursor() as cursor:
        for name, query in GOLDEN.items():
            cursor.execute(f"SELECT md5(coalesce(string_agg(one::text, chr(10)), '')) FROM ({query}) one")
            found[name] = cursor.fetchone()[0]
    return found


def csv_of(*rows: Sequence[str], header: Sequence[str] = HEADER, encoding: str = "utf-8") -> bytes:
    """A file as people make it."""
    return "".join(",".join(row) + "\r\n" for row in (header, *rows)).encode(encoding)


def brought(viewer: Viewer, content: bytes, name: str = "名单.csv", **choices: Any) -> CustomerImport:
    """A file brought and mapped as the house guesses, and tried."""
    with scope.acting(viewer.scope):
        found = bring(viewer, name, io.BytesIO(content))
        chosen = {
            "mapping": guess(found.headers, [], found.party_type),
            "party_type": found.party_type,
            "line": found.line,
            "unit_code": found.unit_code,
            "known": found.known,
        } | choices
        map_columns(viewer, found.pk, **chosen)
    work_off()
    return again(found)


def loaded(viewer: Viewer, content: bytes, **choices: Any) -> CustomerImport:
    """The same, confirmed and loaded."""
    found = brought(viewer, content, **choices)
    with scope.acting(viewer.scope):
        confirm(viewer, found.pk)
    work_off()
    return again(found)


def again(found: CustomerImport) -> CustomerImport:
    """An import as it stands now, whoever looks."""
    with scope.bulk():
        return CustomerImport.objects.get(pk=found.pk)


def work_off() -> None:
    """Carry out every waiting job on imports."""
    while run := JobRun.objects.filter(state=JobRun.State.WAITING, task__endswith="_import").first():
        with scope.bulk():
            found = CustomerImport.objects.get(run=run)
        jobs.carry_out(run.task, run.id, {"import_id": found.pk})


def person(staff_no: str) -> Viewer:
    """One of the organisation's people."""
    return find_viewer(staff_no)


_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国文志海燕春梅雪琴晓东波辉鹏飞宇浩然子涵欣怡梓轩俊佳琪"
    "思雨梦洁婷博雅诗涵嘉豪一诺宁安康健福寿喜乐仁义礼智信诚和顺达通兴旺昌盛荣贵富"
)
_ROADS = "泉城经十山大历山解放和平共青团文化花园工业北园舜耕千佛玉函英雄建设胜利人民中山青年"


def list_of(rows: int) -> bytes:
    """A list of people, seven in ten with their ID; one in a hundred has a phone that cannot be."""

    def line(number: int) -> str:
        mixed = number * 2_654_435_761 % (1 << 32)
        name = _SURNAMES[mixed % 40] + _GIVEN[mixed // 40 % 90] + _GIVEN[mixed // 3600 % 90]
        born = f"{1950 + mixed % 60}{1 + mixed // 60 % 12:02}{1 + mixed // 720 % 28:02}"
        phone = f"13{100_000_000 + number * 7919 % 900_000_000:09}" if number % 100 else "12"
        road = _ROADS[mixed // 11 % len(_ROADS)] + _ROADS[mixed // 500 % len(_ROADS)]
        where = f"山东省济南市历下区{road}路{1 + number % 997}号{1 + mixed % 30}单元{101 + mixed // 7 % 2000}"
        body = f"3701{2 + number // 999 % 9:02}{born}{number % 999 + 1:03}"
        return f"{name},{'' if number % 10 > 6 else body + _check_digit(body)},{phone},{where}\r\n"

    return ("姓名,身份证号,手机,地址\r\n" + "".join(map(line, range(rows)))).encode()


def _check_digit(body: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(one) * weight for one, weight in zip(body, weights, strict=True)) % 11]
