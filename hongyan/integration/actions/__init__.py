"""What can be done with deliveries (批次): receive, check, sign, apply; mend and dismiss rows; withdraw."""

from __future__ import annotations

from hongyan.integration.actions.apply import apply
from hongyan.integration.actions.check import check
from hongyan.integration.actions.mend import dismiss, mend
from hongyan.integration.actions.receive import Received, receive, receive_file
from hongyan.integration.actions.sign import sign, sign_as, withdraw

__all__ = [
    "Received", "apply", "check", "dismiss", "mend", "receive", "receive_file", "sign", "sign_as", "withdraw",
]  # fmt: skip
