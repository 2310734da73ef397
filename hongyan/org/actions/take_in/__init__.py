"""Taking in the organisation from its source system (ERP): units first, then posts; and lists of places.

Rows are checked by the integration room already; what only the organisation knows is checked here. A bad row is
data: it comes back with its reason while the good ones go in. Taking in the same rows again changes nothing.
Nothing is ended by being absent: a unit or post ends when its row carries an end date (终止日期、离职日期).
"""

from __future__ import annotations

from hongyan.org.actions.take_in.places import take_in_divisions, take_in_postcodes
from hongyan.org.actions.take_in.posts import take_in_posts
from hongyan.org.actions.take_in.units import take_in_units

__all__ = ["take_in_divisions", "take_in_postcodes", "take_in_posts", "take_in_units"]
