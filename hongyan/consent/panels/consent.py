"""What a customer agreed to, by which text and proof, when to leave them alone, who may see what (同意)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from hongyan.consent.codes import Why
from hongyan.consent.models import Consent, Silence
from hongyan.consent.queries.words import Said, quiet_of, silences_of, word_of, words_of
from hongyan.consent.rules.contact import Verdict
from hongyan.consent.rules.sharing import FINANCIAL_LINES, open_lines
from hongyan.customer.codes import CONTACT_PURPOSES, ConsentPurpose, ContactChannel, PartyType, Status
from hongyan.customer.freezes import frozen_among
from hongyan.customer.models import Customer
from hongyan.customer.panels import Asked
from hongyan.customer.queries.records import CustomerRecord
from hongyan.org.codes import Line, Right, Viewer
from hongyan.ui.cells import Tone, state_dot

Text = str | Promise
MOST_WORDS = 100

_TONES: dict[str, Tone] = {
    Why.ALLOWED: "good",
    Why.NO_CONSENT: "off",
    Why.WITHDRAWN: "bad",
    Why.ENDED: "warn",
    Why.SILENT: "warn",
    Why.NOT_ACTIVE: "off",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """How the customer stands: in words and shape, since when, and the word it rests on as an anchor."""

    state: SafeString
    since: datetime | None
    anchor: str


@dataclass(frozen=True, slots=True)
class Row:
    """One purpose of one line, a cell for each channel; a use of data has one cell."""

    purpose: Text
    line: Text
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class WordView:
    """One word as the history shows it."""

    anchor: str
    what: Text
    is_given: bool
    scope: str
    at: datetime
    ends_at: datetime | None
    by: str
    source: Text
    proof: str
    basis: Text
    version: int | None
    text: str


@dataclass(frozen=True, slots=True)
class SilenceView:
    """One wish not to be disturbed; `end_url` is where it is ended, empty for whoever may not."""

    channels: str
    silence: Silence
    end_url: str


@dataclass(frozen=True, slots=True)
class SharingRow:
    """What posts of each group of lines see of the business in one line."""

    line: Text
    cells: Sequence[tuple[Text, SafeString]]


@dataclass(frozen=True, slots=True)
class ConsentShown:
    """The tab."""

    code: str
    may_keep: bool
    may_request: bool
    freeze_url: str
    unfreeze_url: str
    channels: Sequence[Text]
    contacts: Sequence[Row]
    uses: Sequence[Row]
    silences: Sequence[SilenceView]
    sharing: Sequence[SharingRow]
    words: Sequence[WordView]
    is_cut: bool


def consent(viewer: Viewer, record: CustomerRecord, _asked: Asked) -> ConsentShown:
    """The query of the panel 同意. Two queries of its own."""
    members = [record.customer, *record.aliases]
    words = list(words_of(viewer, members))
    silences = list(silences_of(viewer, members))
    said = Said(
        [member.pk for member in members],
        [word_of(word) for word in words],
        [quiet_of(silence) for silence in silences],
        is_active=record.customer.status == Status.ACTIVE,
    )
    may_keep = viewer.may(Right.CONSENT_KEEP)
    freeze_url, unfreeze_url = _freezing(viewer, record.customer)
    return ConsentShown(
        code=record.customer.code,
        may_keep=may_keep,
        may_request=viewer.may(Right.REQUEST_KEEP) and record.customer.party_type == PartyType.PERSON,
        freeze_url=freeze_url,
        unfreeze_url=unfreeze_url,
        channels=[channel.label for channel in ContactChannel],
        contacts=_contacts(said, record),
        uses=_uses(said, record),
        silences=[_silence(one, record.customer.code if may_keep else "") for one in silences],
        sharing=_sharing(said),
        words=[_word(word) for word in words[:MOST_WORDS]],
        is_cut=len(words) > MOST_WORDS,
    )


def _freezing(viewer: Viewer, customer: Customer) -> tuple[str, str]:
    """Where the customer is frozen, and where no longer; empty for what cannot be done. A query for a frozen one."""
    if not viewer.may(Right.CUSTOMER_FREEZE):
        return "", ""
    if customer.status == Status.ACTIVE:
        return reverse("consent:freeze", args=[customer.code]), ""
    if customer.status == Status.FROZEN and frozen_among([customer.pk]):
        return "", reverse("consent:unfreeze", args=[customer.code])
    return "", ""


def _lines(said: Said, record: CustomerRecord, purpose: str) -> list[Line]:
    """The lines worth a row: those the customer has business in, and those some word names."""
    named = {word.line for word in said.words if word.purpose in ("", purpose)}
    known = {one.line for one in record.relationships} if purpose != ConsentPurpose.CROSS_MARKETING else set()
    return [line for line in Line if line.value in named | known]


def _contacts(said: Said, record: CustomerRecord) -> list[Row]:
    return [
        Row(
            purpose.label,
            line.label,
            [_cell(said.verdict(purpose, line, channel), purpose) for channel in ContactChannel],
        )
        for purpose in ConsentPurpose
        if purpose in CONTACT_PURPOSES
        for line in _lines(said, record, purpose)
    ]


def _uses(said: Said, record: CustomerRecord) -> list[Row]:
    return [
        Row(purpose.label, line.label, [_cell(said.verdict(purpose, line, ""), purpose)])
        for purpose in ConsentPurpose
        if purpose not in CONTACT_PURPOSES
        for line in _lines(said, record, purpose)
    ]


def _cell(verdict: Verdict, purpose: str) -> Cell:
    word = verdict.word
    is_by_contract = word is None and verdict.is_allowed and purpose == ConsentPurpose.SERVICE
    text = pgettext("可否联系", "依合同") if is_by_contract else Why(verdict.why).label
    return Cell(
        state_dot(text, _TONES[verdict.why]), word.at if word else None, f"word-{word.key}" if word else ""
    )


_EVERY = {
    "purpose": gettext_lazy("全部用途（服务通知除外）"),
    "line": gettext_lazy("全部板块"),
    "channel": gettext_lazy("全部渠道"),
}


def _word(word: Consent) -> WordView:
    parts = [
        word.get_purpose_display() or _EVERY["purpose"],
        word.get_line_display() or _EVERY["line"],
    ]
    if word.purpose in ("", *CONTACT_PURPOSES):
        parts.append(word.get_channel_display() or _EVERY["channel"])
    text = word.text
    return WordView(
        anchor=f"word-{word.pk}",
        what=pgettext_lazy("同意记录", "同意") if word.is_given else pgettext_lazy("同意记录", "撤回"),
        is_given=word.is_given,
        scope=" · ".join(map(str, parts)),
        at=word.at,
        ends_at=word.ends_at,
        by=word.taker.name,
        source=word.get_source_display(),
        proof=" ".join(filter(None, (str(word.get_proof_display()), word.reference))),
        basis=text.get_basis_display() if text else "",
        version=text.version if text else None,
        text=(text.text_en if (get_language() or "").startswith("en") else text.text) if text else "",
    )


def _silence(silence: Silence, code: str) -> SilenceView:
    separator = pgettext("list separator", "、")
    chosen = [str(ContactChannel(channel).label) for channel in silence.channel_list]
    return SilenceView(
        separator.join(chosen) or str(_EVERY["channel"]),
        silence,
        reverse("consent:end_silence", args=[code, silence.pk]) if code else "",
    )


def _sharing(said: Said) -> list[SharingRow]:
    """For each line whose data need a basis to be seen by others: what posts of the others see."""
    shared = said.shared_lines()
    rows = []
    for line in Line:
        if line.value not in FINANCIAL_LINES:
            continue
        cells: list[tuple[Text, SafeString]] = []
        for group, lines in _GROUPS:
            is_open = line.value in open_lines(lines, sees_everything=False, shared=shared)
            cells.append((group, _seen(is_own=line.value in lines, is_open=is_open)))
        rows.append(SharingRow(line.label, cells))
    return rows


_GROUPS: Sequence[tuple[Text, tuple[str, ...]]] = (
    (gettext_lazy("邮务、速递岗位"), ("01", "02")),
    (gettext_lazy("邮储岗位"), ("03",)),
    (gettext_lazy("保险岗位"), ("04",)),
    (gettext_lazy("证券岗位"), ("05",)),
)


def _seen(*, is_own: bool, is_open: bool) -> SafeString:
    if is_own:
        return state_dot(_("本板块"), "good")
    if is_open:
        return state_dot(_("经同意可看金额"), "good")
    return state_dot(_("只知有无业务"), "off")
