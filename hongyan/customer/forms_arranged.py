"""Forms of a customer as the house arranged them (版面)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.forms import BoundField

from hongyan.core.free_text import FreeTextInput
from hongyan.customer.rules.layouts import LONGEST_SECTION, Part, grouped, ordered
from hongyan.org.forms.refusable import RefusableForm


class ArrangedForm(RefusableForm):
    """A form whose fields stand in an order and under headings that somebody chose; without, as they are declared."""

    parts: Sequence[Part] = ()

    def arrange(self, parts: Sequence[Part] | None, *, first: Sequence[str] = ()) -> None:
        """Put the fields into an order and leave out the hidden ones. `first` stand before all, others after."""
        if not parts:
            return
        for part in parts:
            if part.is_hidden:
                self.fields.pop(part.name, None)
        self.parts = [part for part in parts if part.name in self.fields]
        self.order_fields([*first, *(name for _section, names in grouped(self.parts) for name in names)])

    @property
    def groups(self) -> list[tuple[str, list[BoundField]]]:
        """(heading, fields) in their order, those without a place first and last; empty without any heading."""
        if not any(part.section for part in self.parts):
            return []
        section = {part.name: part.section for part in self.parts}
        groups: list[tuple[str, list[BoundField]]] = []
        for field in self.visible_fields():
            heading = section.get(field.name, "")
            if not groups or groups[-1][0] != heading:
                groups.append((heading, []))
            groups[-1][1].append(field)
        return groups


class LayoutForm(RefusableForm):
    """The parts of a layout: their places, their headings, whether they are hidden."""

    def __init__(self, parts: Sequence[Part], data: Mapping[str, Any]) -> None:
        super().__init__(data)
        self.before = parts
        for part in parts:
            self.fields[f"place-{part.name}"] = forms.IntegerField(required=False, min_value=0, max_value=999)
            self.fields[f"section-{part.name}"] = FreeTextInput(required=False, max_length=LONGEST_SECTION)
            self.fields[f"hidden-{part.name}"] = forms.BooleanField(required=False)

    @property
    def said(self) -> list[Part]:
        """The parts as they were filled in; what is wrong is as it was."""
        data = self.cleaned_data
        places = {
            part.name: place for part in self.before if (place := data.get(f"place-{part.name}")) is not None
        }
        parts = [
            replace(
                part,
                section=data.get(f"section-{part.name}", part.section).strip(),
                is_hidden=data.get(f"hidden-{part.name}", False),
            )
            for part in self.before
        ]
        return ordered(parts, places)

    @property
    def problem(self) -> str:
        """What is wrong, in one line."""
        return " ".join(dict.fromkeys(str(text) for texts in self.errors.values() for text in texts))
