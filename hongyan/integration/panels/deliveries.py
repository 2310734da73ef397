"""A delivery: its header, its way, who signs it and why, its history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from hongyan.core import audit
from hongyan.core.models import AuditEvent
from hongyan.integration import lists, words
from hongyan.integration.codes import Channel, DeliveryState
from hongyan.integration.descriptors import find_descriptor
from hongyan.integration.models import Delivery
from hongyan.integration.queries.deliveries import sees_counts
from hongyan.integration.queries.reach import Reach, signers
from hongyan.integration.reasons import sentence
from hongyan.integration.rules import Standing, steps_of
from hongyan.org.codes import Right, Viewer
from hongyan.ui import cells, records
from hongyan.ui.lists import Action
from hongyan.ui.records import RecordHeader, TimelineEntry

Text = str | Promise

SHOWN_SIGNERS = 5

STEPS: dict[str, Text] = {
    "received": pgettext_lazy("批次步骤", "已接收"),
    "check": pgettext_lazy("批次步骤", "检查"),
    "sign": pgettext_lazy("批次步骤", "签收"),
    "load": pgettext_lazy("批次步骤", "装载"),
    "done": pgettext_lazy("批次步骤", "完成"),
}


# --- header and way


def delivery_header(viewer: Viewer, delivery: Delivery) -> RecordHeader:
    """The top of a delivery's page."""
    return RecordHeader(
        title=delivery.file_name,
        key=delivery.system,
        kind=words.system_name(delivery.system),
        code=delivery.number,
        badges=[lists.state_of(delivery)],
        facts=[
            records.Field(_("记录种类"), _kinds(delivery)),
            records.Field(
                _("业务日期"), cells.when(delivery.business_date) if delivery.business_date else ""
            ),
            records.Field(_("途径"), Channel(delivery.channel).label),
            records.Field(_("收到时间"), cells.when(delivery.received_at)),
            records.Field(_("送来"), words.who(delivery.received_by)),
            *([records.Field(_("大小"), _size(delivery.size))] if sees_counts(viewer) else []),
        ],
        actions=list(_header_actions(viewer, delivery)),
    )


def _kinds(delivery: Delivery) -> str:
    """The record kinds of a delivery: those that were checked, else what its name says it holds."""
    found = delivery.warnings.get("quality") or ([delivery.kind] if delivery.kind else _kinds_named(delivery))
    return _("、").join(words.kind_title(delivery.system, code) for code in found)


def _kinds_named(delivery: Delivery) -> list[str]:
    descriptor = find_descriptor(delivery.system)
    matched = descriptor.match(delivery.file_name) if descriptor else None
    return [kind.code for kind in matched[0]] if matched else []


def _header_actions(viewer: Viewer, delivery: Delivery) -> Iterator[Action]:
    if delivery.quarantined and viewer.may(Right.INTAKE_MEND):
        asked = f"{reverse('desk:new_export', args=['quarantine'])}?delivery={delivery.number}&sort=row"
        yield Action(_("导出隔离行"), asked, icon="download")


def _size(octets: int) -> str:
    for unit, step in (("MB", 1 << 20), ("KB", 1 << 10)):
        if octets >= step:
            return f"{octets / step:,.1f} {unit}"
    return f"{octets} B"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a delivery's way; `note` says when, by whom or why not."""

    label: Text
    standing: Standing
    note: SafeString | str = ""


def path_of(delivery: Delivery) -> list[Step]:
    """The way of a delivery as a bar."""
    notes = {
        "received": cells.when(delivery.received_at),
        "check": _("整批拒收") if delivery.state == DeliveryState.REFUSED else "",
        "sign": _sign_note(delivery),
        "done": cells.when(delivery.applied_at) if delivery.applied_at else "",
    }
    return [Step(STEPS[key], standing, notes.get(key, "")) for key, standing in steps_of(delivery.state)]


def _sign_note(delivery: Delivery) -> str:
    if delivery.state == DeliveryState.WITHDRAWN:
        return _("已撤回")
    return words.who(delivery.signed_by) if delivery.signed_at else ""


# --- signing


def refusal_of(delivery: Delivery) -> str:
    """Why the file was refused as a whole, in words; empty when it was not."""
    return sentence(delivery.refusal) if delivery.refusal else ""


def signing_effect(delivery: Delivery) -> str:
    """What signing will do, in a sentence or two."""
    effect = ngettext(
        "签收后装载通过检查的 {rows} 行。", "签收后装载通过检查的 {rows} 行。", delivery.staged_rows
    ).format(rows=f"{delivery.staged_rows:,}")
    if not delivery.quarantined:
        return effect
    stays = ngettext(
        "隔离的 {rows} 行留在隔离区等待修正。", "隔离的 {rows} 行留在隔离区等待修正。", delivery.quarantined
    ).format(rows=f"{delivery.quarantined:,}")
    return _("{one}{other}").format(one=effect, other=stays)


def why_waiting(delivery: Delivery) -> list[str]:
    """Why a person has to sign instead of the house's own rule."""
    return [sentence(one) for one in delivery.warnings.get("waits", ())]


def who_may_sign(reach: Reach) -> str:
    """Who may sign what reaches so far, by name: the nearest few. One query."""
    posts = signers(reach)[:SHOWN_SIGNERS]
    if not posts:
        return _("现在没有人可以签收，请联系系统管理员。")
    named = (_("{name}（{unit}）").format(name=post.staff.name, unit=post.place.unit) for post in posts)
    return _("可以签收的人：{names}。").format(names=_("、").join(named))


# --- history


_ICONS = {
    "intake.receive": "file-import",
    "intake.sign": "signature",
    "intake.apply": "circle-check",
    "intake.retry": "repeat",
    "intake.refuse": "ban",
    "intake.withdraw": "arrow-back-up",
}


def history_entries(
    delivery: Delivery, events: Sequence[AuditEvent], *, with_reason: bool
) -> list[TimelineEntry]:
    """What was done to a delivery, from the audit; `with_reason` says why it was refused too."""
    refusal = refusal_of(delivery) if with_reason else ""
    return [
        TimelineEntry(
            at=event.at,
            kind="",
            title=audit.label_of(event.act),
            icon=_ICONS.get(event.act, "point"),
            text=refusal if event.act == "intake.refuse" else event.purpose,
            author=event.actor_name or words.who(event.actor),
            tone="bad" if event.result == AuditEvent.Result.DENIED else "",
        )
        for event in events
    ]
