"""Drops of the old customer system of the province (老客管，山东): fixed width, codes of its own."""

from __future__ import annotations

from pathlib import Path

from hongyan.integration.demo.clerk import Form
from hongyan.integration.demo.facts import media
from hongyan.integration.demo.facts.credentials import CredentialCodes, name_and_number
from hongyan.integration.demo.facts.files import Truth, compact
from hongyan.integration.demo.facts.lives import KGS, Life
from hongyan.integration.demo.facts.media import padded
from hongyan.integration.demo.facts.source import Season, Source

TRAILER = media.fixed(mark="END", rows_width=8, sum_width=14)
CREDENTIALS = CredentialCodes("A E F D B C G", unknown="Z")


class Kgs(Source):
    """Keeps customers and how to reach them; sells nothing."""

    code = KGS

    def __init__(self, out: Path, *, season: Season, truth: Truth) -> None:
        super().__init__(out, season=season, truth=truth)
        self._customers = self.rows_file("CUST", "KGS_CUST_{day}.txt", TRAILER)
        self._contacts = self.rows_file("CONT", "KGS_CONT_{day}.txt", TRAILER)

    def register(self, life: Life, form: Form) -> None:
        key, day = life.key(KGS), compact(self.season.today.toordinal())
        name, number = name_and_number(form)
        control = int(key[-6:])
        self._customers.add(
            f"{key}{'2' if form.person else '1'}{padded(name, 80)}{CREDENTIALS.of(form):1}{padded(number, 36)}"
            f"{padded(form.address, 120)}{padded(form.postcode, 6)}{life.traits.outlet:12}{day}",
            control,
        )
        if form.mobile or form.landline:
            person = form.name if form.person else form.legal_person
            self._contacts.add(
                f"{key}01{padded(person, 40)}{padded(form.mobile, 22)}{padded(form.landline, 30)}{day}",
                control,
            )

    def business(self, life: Life) -> None:
        """None."""
