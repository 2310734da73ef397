"""What forms share whose input an action may still refuse."""

from __future__ import annotations

from django import forms

from hongyan.core.errors import Invalid


class RefusableForm(forms.Form):
    """A form that shows beside its fields what an action said against the input."""

    def refuse(self, error: Invalid) -> None:
        """Take over the sentences of an action; those about no field of the form are about the whole of it."""
        for name, text in error.fields.items():
            self.add_error(name if name in self.fields else None, text)
