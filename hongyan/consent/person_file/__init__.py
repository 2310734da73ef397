"""What the house holds of one person (个人信息档案), table by table: a plain list that rooms lend.

A room above lends its tables by `person_file.lend(Held(…), …)` when it starts; those of `customer` and the audit are in
`beneath`, with our own. A table hangs on the person by its foreign keys, and all its columns go into the file: one that
is added later is there by itself. What stays out is said in `words.WITHHELD`, or by the table with its reason.
Source: PIPL 45; BARS A 36.
"""

from __future__ import annotations

from hongyan.consent.person_file.held import Held, Subject, held, lend

__all__ = ["Held", "Subject", "held", "lend"]
