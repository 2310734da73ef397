"""Codes of credential types (证件种类) as the systems write them; "" where nobody showed one."""

from __future__ import annotations

from hongyan.integration.demo.clerk import (
    MILITARY,
    NO_CREDENTIAL,
    OLD_LICENCE,
    ORGANISATION_CODE,
    PASSPORT,
    PERMIT,
    RESIDENT_ID,
    USCC,
    Form,
)

_ORDER = (RESIDENT_ID, MILITARY, PERMIT, PASSPORT, USCC, OLD_LICENCE, ORGANISATION_CODE)


class CredentialCodes:
    """A system's codes in the order resident ID, military, permit, passport, USCC, old licence, organisation code."""

    def __init__(self, codes: str, *, unknown: str) -> None:
        self._codes = dict(zip(_ORDER, codes.split(), strict=True)) | {NO_CREDENTIAL: ""}
        self._unknown = unknown

    def of(self, form: Form) -> str:
        """The code on a form; one of no list where the clerk erred."""
        return self._unknown if form.wrong_code else self._codes[form.credential]


def name_and_number(form: Form) -> tuple[str, str]:
    """Name and credential number in the columns in which the clerk put them."""
    return (form.number, form.name) if form.swapped_columns else (form.name, form.number)
