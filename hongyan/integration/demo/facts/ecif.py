"""Drops of the insurer's customer file (保险 ECIF): comma-separated UTF-8 with a last line of controls."""

from __future__ import annotations

from pathlib import Path

from hongyan.integration.demo.clerk import Form
from hongyan.integration.demo.facts import insurance, media
from hongyan.integration.demo.facts.credentials import CredentialCodes, name_and_number
from hongyan.integration.demo.facts.files import Medium, Truth, dashed, money
from hongyan.integration.demo.facts.handing import Change, Handing
from hongyan.integration.demo.facts.insurance import Policy, Premium
from hongyan.integration.demo.facts.lives import ECIF, Life
from hongyan.integration.demo.facts.media import quoted
from hongyan.integration.demo.facts.source import Season, Source, book

CREDENTIALS = CredentialCodes(
    "居民身份证 军官证 港澳通行证 护照 统一社会信用代码 营业执照 组织机构代码", unknown="证件"
)
CUSTOMER_COLUMNS = (
    "客户号", "客户类型", "姓名", "证件类型", "证件号码", "性别", "出生日期", "手机", "邮箱", "地址", "邮编",
    "代理网点", "更新时间",
)  # fmt: skip
POLICY_COLUMNS = (
    "保单号",
    "客户号",
    "险种代码",
    "险种名称",
    "代理网点",
    "生效日",
    "满期日",
    "保额",
    "状态",
    "版本",
)
PREMIUM_COLUMNS = (
    "流水号",
    "保单号",
    "客户号",
    "缴费时间",
    "代理网点",
    "险种代码",
    "保费",
    "版本",
    "冲销",
    "原缴费日期",
)
MARK = "END"
IN_FORCE, EXPIRED = "有效", "终止"


class Ecif(Source):
    """Keeps policies and states the premiums that were paid."""

    code = ECIF

    def __init__(self, out: Path, *, season: Season, truth: Truth) -> None:
        super().__init__(out, season=season, truth=truth)
        self._customers = self.rows_file(
            "CUST", "ECIF_CUST_{day}.csv", _medium(CUSTOMER_COLUMNS, summed=False)
        )
        self._policies = self.rows_file("POLICY", "ECIF_POLICY_{day}.csv", _medium(POLICY_COLUMNS))
        self._premiums = self.fact_file(
            "PREMIUM", "ECIF_PREMIUM_{day}.csv", _medium(PREMIUM_COLUMNS), premium_line, target="transaction"
        )

    def register(self, life: Life, form: Form) -> None:
        self._customers.add(customer_line(life, form, day=self.season.today.toordinal()))

    def business(self, life: Life) -> None:
        held = insurance.policies(life, self.season)
        for month in self.season.busy_months:
            draw = life.draw(ECIF, month)
            for premium in insurance.premiums(held, month):
                book(self._premiums, premium, draw)
        today = self.season.today
        for policy in held:
            is_new = today in (policy.starts, policy.ends) if self.season.delivery else policy.starts <= today
            if is_new:
                self._policies.add(policy_line(policy, is_over=policy.ends <= today), policy.insured)


def customer_line(life: Life, form: Form, *, day: int) -> str:
    """A row of CUST."""
    name, number = name_and_number(form)
    values = (
        life.key(ECIF), "个人" if form.person else "团体", name, CREDENTIALS.of(form), number, form.sex,
        form.birth.isoformat() if form.birth else "", form.mobile, form.email, form.address, form.postcode,
        life.traits.outlet, f"{dashed(day)} 06:00:00",
    )  # fmt: skip
    return ",".join(map(quoted, values))


def policy_line(policy: Policy, *, is_over: bool) -> str:
    """A row of POLICY; a policy that ends is stated once more."""
    cover = policy.cover
    return (
        f"{policy.number},{policy.key},{cover.code},{cover.name},{policy.unit},{policy.starts},{policy.ends},"
        f"{money(policy.insured)},{EXPIRED if is_over else IN_FORCE},{2 if is_over else 1}"
    )


def premium_line(premium: Premium, handing: Handing, moved_from: int) -> str:
    """A row of PREMIUM."""
    policy = premium.policy
    return (
        f"{premium.number},{policy.number},{policy.key},{dashed(premium.day)} {insurance.PREMIUM_TIME},{policy.unit},"
        f"{policy.cover.code},{money(premium.amount)},{handing.version},"
        f"{'是' if handing.change is Change.VOID else '否'},{dashed(moved_from) if moved_from else ''}"
    )


def _medium(columns: tuple[str, ...], *, summed: bool = True) -> Medium:
    return media.separated(columns=columns, encoding="utf-8", mark=MARK, summed=summed)
