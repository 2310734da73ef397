"""Drop of the philately system (集邮业务管理系统): one CSV in UTF-8 with a byte order mark."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from hongyan.integration.demo import truth
from hongyan.integration.demo.clerk import (
    DUPLICATE_ROW_RATE,
    MILITARY,
    NO_CREDENTIAL,
    OLD_LICENCE,
    PASSPORT,
    PERMIT,
    RESIDENT_ID,
    USCC,
    Form,
)
from hongyan.integration.demo.divisions import PROVINCE_NAME
from hongyan.integration.demo.draw import Draw
from hongyan.integration.demo.world import JIYOU, Customer

COLUMNS = (
    "客户号", "客户类别", "名称", "证件类型", "证件号码", "性别", "出生日期", "手机", "固定电话", "电子邮箱",
    "省", "市", "区县", "详细地址", "邮编", "登记网点代码", "预订标志", "年预订额", "登记日期", "更新时间",
)  # fmt: skip
CREDENTIAL_NAMES = {
    RESIDENT_ID: "居民身份证", PASSPORT: "护照", USCC: "统一社会信用代码", OLD_LICENCE: "营业执照",
    PERMIT: "港澳通行证", MILITARY: "军官证", NO_CREDENTIAL: "",
}  # fmt: skip
UNKNOWN_CREDENTIAL_NAME = "证件"
IMPOSSIBLE_DAY = "19870231"
AGREEMENT, WALK_IN = "协议客户", "散户"
MISSING_SEX_RATE = 0.10
MISSING_BIRTH_RATE = 0.15
SUBSCRIBER_RATE = 0.55
LATER_KEYS, KEYS_PER_DAY = 50_000_000, 100_000

_BUFFER = 1 << 20
_YEARS_BACK = 10


class Jiyou:
    """The system: gives each customer a number and writes one row."""

    def __init__(
        self, out: Path, *, as_of: date, draw: Draw, truth_file: truth.TruthFile, delivery: int = 0
    ) -> None:
        self.draw = draw
        self.truth = truth_file
        self.path = out / f"JY_CUSTOMER_{as_of:%Y%m%d}.csv"
        self.rows = 0
        self._file = self.path.open("w", encoding="utf-8-sig", newline="", buffering=_BUFFER)
        self._writer = csv.writer(self._file)
        self._writer.writerow(COLUMNS)
        self._keys = LATER_KEYS + delivery * KEYS_PER_DAY if delivery else 0
        self._today = as_of.isoformat()
        first = as_of - timedelta(days=365 * _YEARS_BACK)
        self._days = tuple((first + timedelta(days=day)).isoformat() for day in range(365 * _YEARS_BACK))

    def close(self) -> None:
        self._file.close()

    def write(self, customer: Customer, form: Form, notes: list[str]) -> str:
        """Write the row of one customer; answers the customer number."""
        draw, place = self.draw, customer.place
        self._keys += 1
        key = f"JY37{self._keys:08}"
        name, number = (form.number, form.name) if form.swapped_columns else (form.name, form.number)
        registered = int(draw.random() * len(self._days))
        updated = len(self._days) - 1 - int((len(self._days) - registered) * draw.random() ** 3)
        subscriber = draw.chance(SUBSCRIBER_RATE)
        row = (
            key,
            AGREEMENT if form.agreement else WALK_IN,
            name,
            UNKNOWN_CREDENTIAL_NAME if form.wrong_code else CREDENTIAL_NAMES[form.credential],
            number,
            "" if draw.chance(MISSING_SEX_RATE) else form.sex,
            self._birth(form),
            form.mobile,
            form.landline,
            form.email,
            PROVINCE_NAME if form.county else "",
            place.county.city.name if form.county else "",
            form.county.name if form.county else "",
            form.detail,
            form.postcode,
            place.outlet.unit.code,
            "是" if subscriber else "否",
            f"{draw.between(2, 60) * 50}.00" if subscriber else "0.00",
            IMPOSSIBLE_DAY if form.impossible_date and not form.person else self._days[registered],
            self._moment(self._days[updated]),
        )
        self.send(row, key=key, entity=customer.entity, notes=notes)
        if draw.chance(DUPLICATE_ROW_RATE):
            self.send(row, key=key, entity=customer.entity, notes=[*notes, "duplicate_row"])
        return key

    def send(self, row: Sequence[str], *, key: str, entity: str, notes: list[str]) -> None:
        """Write one row as it stands, and its truth."""
        self._writer.writerow(row)
        self.rows += 1
        self.truth.add(JIYOU, truth.CUSTOMER, key, entity, notes)

    def stamp(self) -> str:
        """A moment of the delivery's day."""
        return self._moment(self._today)

    def _moment(self, day: str) -> str:
        between = self.draw.between
        return f"{day} {between(8, 17):02}:{between(0, 59):02}:{between(0, 59):02}"

    def _birth(self, form: Form) -> str:
        """Each counter has its own way of writing a date."""
        birth, kind = form.birth, self.draw.random()
        if form.impossible_date and form.person:
            return IMPOSSIBLE_DAY
        if birth is None or kind < MISSING_BIRTH_RATE:
            return ""
        if kind < 0.60:
            return birth.isoformat()
        return f"{birth.year}/{birth.month}/{birth.day}" if kind < 0.80 else f"{birth:%Y%m%d}"
