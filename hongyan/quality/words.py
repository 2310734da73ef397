"""Gaps in words (资料问题的叫法)."""

from __future__ import annotations

from django.utils.safestring import SafeString

from hongyan.quality.codes import Flaw, Item
from hongyan.quality.models import CustomerQuality
from hongyan.ui import cells
from hongyan.ui.cells import Chip, Tone

TONES: dict[str, Tone] = {
    Flaw.MISSING: "bad",
    Flaw.INVALID: "bad",
    Flaw.EXPIRED: "bad",
    Flaw.EXPIRING: "warn",
    Flaw.STALE: "warn",
    Flaw.ABSENT: "off",
}
GOOD, FAIR = 85, 60
"""From these scores on data are shown as good, or as fair."""


def item_word(gap: str) -> str:
    """The item that a gap is about."""
    return str(Item(gap.partition(".")[2]).label)


def gap_words(gap: str) -> str:
    """A gap in words: what is wrong with which item.

    An end of the credential, or of its freshness, says the item already.
    """
    flaw = Flaw(gap.partition(".")[0])
    if flaw in (Flaw.EXPIRED, Flaw.EXPIRING, Flaw.STALE):
        return str(flaw.label)
    return f"{flaw.label} · {item_word(gap)}"


def gap_chips(row: CustomerQuality, most: int = 3) -> SafeString:
    """The gravest gaps of a customer; what could be added only where nothing else is wrong."""
    order = list(Flaw.values)
    gaps = sorted(row.gaps, key=lambda gap: order.index(gap.partition(".")[0]))
    grave = [gap for gap in gaps if not gap.startswith(Flaw.ABSENT)] or gaps
    shown = [Chip(gap_words(gap), tone=TONES[gap.partition(".")[0]]) for gap in grave[:most]]
    if len(grave) > most:
        shown.append(Chip(f"+{len(grave) - most}"))
    return cells.chips(shown)


def score_cell(score: int) -> SafeString:
    """A score with its tone."""
    tone: Tone = "good" if score >= GOOD else "warn" if score >= FAIR else "bad"
    return cells.state_dot(str(score), tone)
