"""Models in words, tables and bars (识别模型): what is in force, what a training brought, how two models compare."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from hongyan.core.models import JobRun
from hongyan.customer.codes import MatchBand, ModelState, PartyType
from hongyan.customer.in_force import KINDS, model_of_version
from hongyan.customer.models import IdentityModel, ModelUse
from hongyan.customer.panels.words import Text, language
from hongyan.customer.queries.models import AT_WORK, KindOfModels, find_use, run_of
from hongyan.customer.rules.measures import BANDS, SCORES
from hongyan.identity import explain
from hongyan.identity.model.comparisons import UNKNOWN
from hongyan.identity.model.weights import Model, outcomes_of
from hongyan.identity.record import Kind
from hongyan.org.approvals import Fact
from hongyan.org.codes import Viewer
from hongyan.ui.cells import Tone, badge, code, when
from hongyan.ui.charts import Chart, Series
from hongyan.ui.records import Field

SUBJECTS: Mapping[str, Text] = {
    "name": gettext_lazy("名称"),
    "id": gettext_lazy("证件号码"),
    "phone": gettext_lazy("电话"),
    "email": gettext_lazy("电子邮箱"),
    "birth": gettext_lazy("出生日期"),
    "gender": gettext_lazy("性别"),
    "address": gettext_lazy("地址"),
    "origin": pgettext_lazy("识别模型", "原籍"),
    "legal_person": gettext_lazy("法定代表人"),
    "part": pgettext_lazy("识别模型", "总部与分支"),
}
"""What each comparison is of."""

_TONES: Mapping[str, Tone] = {
    ModelState.WAITING: "wait",
    ModelState.IN_FORCE: "good",
    ModelState.ENDED: "off",
    ModelState.REFUSED: "off",
}
STRONGEST = 24.0
"""Bits at which a bar is full."""


def kind_word(kind: Kind) -> str:
    """个人 or 单位."""
    return str(KINDS[kind].label)


def use_badge(state: str) -> SafeString:
    """How the use of a model stands."""
    return badge(ModelState(state).label, _TONES[state])


def training_badge(row: IdentityModel, run: JobRun | None) -> SafeString:
    """How far a training is."""
    if row.content is not None:
        return badge(pgettext("识别模型", "已训练"), "good")
    if run is not None and run.state in AT_WORK:
        return badge(pgettext("识别模型", "训练中"), "info")
    return badge(pgettext("识别模型", "没有训练完"), "bad")


def version_word(kind: Kind, version: int) -> str:
    """What people call a version."""
    return f"M{KINDS[kind].value}{version:04}"


def origin_fields(model: Model, row: IdentityModel | None) -> list[Field]:
    """Where a model comes from."""
    if row is None:
        return [Field(_("来源"), _("随程序提供")), Field(_("日期"), model.origin.get("date", ""))]
    taught = row.taught
    return [
        Field(_("训练时间"), when(row.trained_at) if row.trained_at else None),
        Field(_("训练人"), row.made_by),
        Field(_("起点"), code(f"M{row.party_type}{row.started_from:04}")),
        Field(_("读取的来源客户"), taught.get("parties")),
        Field(_("用于训练的人工判定"), _judged(taught.get("same", 0), taught.get("different", 0))),
    ]


def _judged(same: int, different: int) -> str:
    return _("{same} 对相同，{different} 对不同").format(same=same, different=different)


@dataclass(frozen=True)
class KindPage:
    """The models of one kind, as the page of all models shows them."""

    found: KindOfModels
    word: str
    number: str
    facts: Sequence[Field]
    trained: Sequence[tuple[IdentityModel, SafeString]]
    uses: Sequence[tuple[ModelUse, str, SafeString]]


def kind_page(found: KindOfModels) -> KindPage:
    """What there is of one kind, in words. One query for each training that is not done."""
    kind, used = found.kind, found.in_force
    number = version_word(kind, found.version)
    facts = [Field(_("启用中的模型"), code(number))]
    if used is not None and used.since:
        facts += [
            Field(_("启用时间"), when(used.since)),
            Field(_("申请人"), used.asked_by),
            Field(_("批准人"), used.second_by),
        ]
    else:
        facts.append(Field(_("来源"), _("随程序提供")))
    if found.waiting:
        facts.append(Field(_("等待批准"), code(version_word(kind, found.waiting.version))))
    return KindPage(
        found=found,
        word=kind_word(kind),
        number=number,
        facts=facts,
        trained=[
            (row, training_badge(row, run_of(row) if row.trained_at is None else None))
            for row in found.trained
        ],
        uses=[(use, version_word(kind, use.version), use_badge(use.state)) for use in found.uses],
    )


def model_page(model: Model, row: IdentityModel | None) -> dict[str, object]:
    """What the page of a trained model shows: where it is from, what the training brought, its weights."""
    before = model_of_version(model.kind, row.started_from) if row else model
    return {
        "facts": [*origin_fields(model, row), *bands_fields(model)],
        "measures": measures_of(row, model.kind) if row else None,
        "subjects": weights_table(model, before),
    }


# --- weights


@dataclass(frozen=True, slots=True)
class Weight:
    """One outcome: how often it comes among pairs of one and of two, its weight now and before, its bar (0–100)."""

    label: str
    m: str
    u: str
    bits: str
    before: str
    has_moved: bool
    start: str
    width: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Subject:
    """One comparison with its outcomes, the strongest for one customer first as the model asks for them."""

    label: Text
    weights: Sequence[Weight]


def weights_table(model: Model, before: Model) -> list[Subject]:
    """The weights of a model beside those of the one it started from."""
    return [
        Subject(
            SUBJECTS[name],
            [_weight(model, before, name, outcome) for outcome in outcomes if outcome != UNKNOWN],
        )
        for name, outcomes in outcomes_of(model.kind).items()
    ]


def _weight(model: Model, before: Model, name: str, outcome: str) -> Weight:
    chance, old = model.chances[name][outcome], before.chances[name][outcome]
    told = "organisation_name" if name == "name" and model.kind == "organisation" else name
    share = min(abs(chance.weight) / STRONGEST, 1) * 50
    return Weight(
        label=explain.level(told, outcome, language()),
        m=_chance(chance.m),
        u=_chance(chance.u),
        bits=f"{chance.weight:+.1f}",
        before=f"{old.weight:+.1f}",
        has_moved=abs(chance.weight - old.weight) >= 0.05,  # what one decimal shows
        start=f"{50 if chance.weight > 0 else 50 - share:.1f}",
        width=f"{max(share, 0.6):.1f}",
        tone="good" if chance.weight > 0 else "bad",
    )


def _chance(share: float) -> str:
    """A share in percent; a very small one as one in so many."""
    return f"{share:.1%}" if share >= 0.001 else f"1 / {round(1 / share):,}"


def bands_fields(model: Model) -> list[Field]:
    """From how many bits on a pair joins by itself or goes to a steward."""
    return [
        Field(_("自动归并的门槛"), _("{bits} 比特").format(bits=f"{model.join:+.1f}")),
        Field(_("转人工的门槛"), _("{bits} 比特").format(bits=f"{model.review:+.1f}")),
    ]


# --- before and after


@dataclass(frozen=True, slots=True)
class RateRow:
    """Precision, recall and F1 at one band, before and after; empty where nobody judged."""

    label: str
    before: Sequence[str]
    after: Sequence[str]


@dataclass(frozen=True, slots=True)
class Move:
    """How many of the drawn pairs went from one band to another, and the address of those that changed."""

    count: int
    url: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Measures:
    """What a training brought, as its page shows it."""

    judged: int
    same: int
    judged_url: str
    rates: Sequence[RateRow]
    calibration: Chart | None
    drawn: int
    moved: int
    moved_url: str
    bands: Sequence[Text]
    moves: Sequence[tuple[Text, Sequence[Move]]]
    shifts: Sequence[tuple[str, str]]
    doubts: Sequence[str]


_DOWN_TO: Mapping[str, Text] = {
    "join": gettext_lazy("自动归并"),
    "review": gettext_lazy("自动归并或转人工"),
}


def measures_of(row: IdentityModel, kind: Kind) -> Measures:
    """The measures that a training kept, in words, with the addresses of the pairs behind each number."""
    kept = row.measures
    counts = {(before, after): count for before, after, count in kept["moves"]}
    pairs = reverse("customer:model_pairs", args=[kind, row.version])
    return Measures(
        judged=kept["judged"],
        same=kept["same"],
        judged_url=f"{pairs}?{urlencode({'of': 'held_out'})}",
        rates=[
            RateRow(str(label), *(_rates(kept["rates"][side][band]) for side in ("before", "after")))
            for band, label in _DOWN_TO.items()
        ],
        calibration=_calibration(kept["calibration"]) if kept["judged"] else None,
        drawn=kept["drawn"],
        moved=sum(count for (before, after), count in counts.items() if before != after),
        moved_url=f"{pairs}?{urlencode({'of': 'drawn'})}",
        bands=[MatchBand(band).label for band in BANDS],
        moves=[
            (
                MatchBand(before).label,
                [_move(counts.get((before, after), 0), before, after, pairs) for after in BANDS],
            )
            for before in BANDS
        ],
        shifts=[
            (_shift_word(kind, name, outcome), f"{bits:+.1f}") for name, outcome, bits in row.taught["moved"]
        ],
        doubts=[_doubt_word(kind, *doubt) for doubt in row.taught["doubts"]],
    )


def _rates(kept: Sequence[float] | None) -> list[str]:
    return [f"{share:.1%}" for share in kept] if kept else []


def _calibration(kept: Mapping[str, Sequence[Sequence[int]]]) -> Chart:
    """The share that was the same by score; a step without pairs is a gap."""

    def shares(side: str) -> list[float | None]:
        return [round(same / pairs * 100, 1) if pairs else None for _low, _high, pairs, same in kept[side]]

    return Chart(
        key="calibration",
        title=_("各分数段中实为同一客户的比例"),
        unit="%",
        categories=[f"{low}–{high}" for low, high in SCORES],
        series=[Series(_("训练前"), shares("before")), Series(_("训练后"), shares("after"))],
    )


def _move(count: int, before: str, after: str, pairs: str) -> Move:
    if before == after or not count:
        return Move(count, "", "off")
    rises = BANDS.index(after) < BANDS.index(before)
    asked = urlencode({"of": "drawn", "before": before, "after": after})
    return Move(count, f"{pairs}?{asked}", "good" if rises else "warn")


def _shift_word(kind: Kind, name: str, outcome: str) -> str:
    told = "organisation_name" if name == "name" and kind == "organisation" else name
    return explain.level(told, outcome, language())


def _doubt_word(kind: Kind, comparison: str, outcome: str, found: float, kept: float) -> str:
    if not outcome:
        return _("{subject}：整项沿用，因为学到的样本几乎都不一致").format(subject=SUBJECTS[comparison])
    return _("{level}：学到 {found} 比特，按 {kept} 比特采用").format(
        level=_shift_word(kind, comparison, outcome), found=f"{found:+.1f}", kept=f"{kept:+.1f}"
    )


# --- for the second person


def use_facts(_viewer: Viewer, subject: str) -> Sequence[Fact]:
    """What a checker decides by; nothing personal stands in it. Errors: NotFound."""
    use = find_use(int(subject))
    kind = _kind_of(use)
    facts: list[Fact] = [
        (_("客户类型"), kind_word(kind)),
        (_("启用的模型"), code(version_word(kind, use.version))),
    ]
    if use.model is None:
        return [*facts, (_("来源"), _("随程序提供"))]
    measures = measures_of(use.model, kind)
    facts += [
        (_("用于训练的人工判定"), _judged(use.model.taught["same"], use.model.taught["different"])),
        (_("抽取的成对来源"), measures.drawn),
        (_("其中改变档次"), measures.moved),
    ]
    for rate in measures.rates:
        told = _("训练前 {before}，训练后 {after}").format(before=_told(rate.before), after=_told(rate.after))
        facts.append(Field(_("{band}：准确率 / 召回率 / F1").format(band=rate.label), told, is_wide=True))
    return facts


def _told(rates: Sequence[str]) -> str:
    return " / ".join(rates) if rates else _("没有人工判定可比")


def _kind_of(use: ModelUse) -> Kind:
    return next(kind for kind, party_type in KINDS.items() if party_type == PartyType(use.party_type))


def uses_asked(subjects: Collection[str]) -> dict[str, str]:
    """What each of some requests would put in force, in one line. One query."""
    uses = ModelUse.objects.select_related("model").defer("model__content", "model__measures")
    found = uses.filter(pk__in=[int(one) for one in subjects])
    return {
        str(use.pk): _("{kind}识别改用模型 {number}").format(
            kind=kind_word(_kind_of(use)), number=version_word(_kind_of(use), use.version)
        )
        for use in found
    }


def use_url(subject: str) -> str:
    """The page of the model that a request is about."""
    use = find_use(int(subject))
    return reverse("customer:model", args=[_kind_of(use), use.version])
