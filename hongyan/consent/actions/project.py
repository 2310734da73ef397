"""What lists know of consent, worked out anew for some customers (授权投影). In the transaction of what changed it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import product

from hongyan.consent.queries.words import Said, said_by
from hongyan.consent.rules.contact import silent_until, standing
from hongyan.customer.actions.permit import Permission, replace_permissions
from hongyan.customer.codes import CONTACT_PURPOSES, ConsentPurpose, ContactChannel, Standing
from hongyan.org.codes import Line


def project(customers: Collection[int]) -> None:
    """Write the projection of the customers that some codes, by id, stand for now: merged ones count as one."""
    found = said_by(customers)
    replace_permissions(
        sorted({*customers, *(member for said in found.values() for member in said.members)}),
        [row for survivor, said in found.items() for row in _rows(survivor, said)],
    )


def _rows(survivor: int, said: Said) -> Iterator[Permission]:
    for purpose, line, channel in _asked(said):
        given, withdrawn = standing(said.words, purpose, line, channel)
        word = given or withdrawn
        if word is None:
            continue
        is_silent, until = silent_until(said.quiets, purpose, channel)
        state = Standing.WITHDRAWN if withdrawn else Standing.SILENT if is_silent else Standing.GIVEN
        yield Permission(survivor, purpose, line, channel, state, word.until, until)


def _asked(said: Said) -> Iterator[tuple[str, str, str]]:
    """Every purpose, line and channel that a list may ask about. Service notices take no consent."""
    if not said.words:
        return
    for purpose, line in product(ConsentPurpose.values, Line.values):
        if purpose == ConsentPurpose.SERVICE:
            continue
        channels: Sequence[str] = ContactChannel.values if purpose in CONTACT_PURPOSES else ("",)
        for channel in channels:
            yield purpose, line, channel
