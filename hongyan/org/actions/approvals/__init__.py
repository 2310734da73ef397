"""Approvals (审批, SM13): a maker asks, checkers decide, and what nobody decides moves on by itself.

Every act is one transaction with its audit and its line in the history. What follows from it (the next step, the
end) is decided by `rules.approvals`; whoever has to know hears of it by events.
"""

from __future__ import annotations

from hongyan.org.actions.approvals.asking import recall, submit
from hongyan.org.actions.approvals.deciding import decide, decide_many, words_of_bar
from hongyan.org.actions.approvals.waiting import attend_to_waiting

__all__ = ["attend_to_waiting", "decide", "decide_many", "recall", "submit", "words_of_bar"]
