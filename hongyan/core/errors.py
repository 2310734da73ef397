"""The one tree of errors; `web` and `api` translate it once, so doors contain no `try`.

HongyanError
├── NotFound      absent, or out of the viewer's scope: both look the same
├── NotAllowed    the viewer may see it but not do this
│   └── PurposeNeeded  nor this, before they say what for
├── Conflict      somebody else was faster, or a unique thing exists already
├── Invalid       input that breaks a rule: field → message
├── TooMany       an allowance is used up for now
└── SourceError   a delivered file that cannot be taken as a whole
"""

from __future__ import annotations

from collections.abc import Mapping


class HongyanError(Exception):
    """Base of all errors that doors know how to answer."""


class NotFound(HongyanError):
    """The thing is absent or invisible to the viewer.

    `what` is the kind of thing ("customer"), `key` its public key. Doors answer 404 and write the
    attempt to the audit, because an address typed by hand is what a curious insider tries first.
    """

    def __init__(self, what: str, key: object = "") -> None:
        super().__init__(f"{what} not found")
        self.what = what
        self.key = str(key)


class NotAllowed(HongyanError):
    """The viewer lacks the right for an act; `act` is the right's code, for example `intake.sign`."""

    def __init__(self, act: str, why: str = "") -> None:
        super().__init__(why or act)
        self.act = act
        self.why = why


class PurposeNeeded(NotAllowed):
    """The viewer may do this once they said what for: `what` is the kind of thing, `key` its public key.

    Pages ask for the purpose and go on; the API answers with a code of its own.
    """

    def __init__(self, act: str, what: str, key: str) -> None:
        super().__init__(act, f"{act}: say what {what} {key} is needed for")
        self.what = what
        self.key = key


class Conflict(HongyanError):
    """The stored state is not the one the caller saw; `message` says what to do about it."""

    def __init__(self, what: str, message: str = "") -> None:
        super().__init__(message or what)
        self.what = what
        self.message = message


class Invalid(HongyanError):
    """Input that breaks a rule. `fields` maps a field (or "" for the whole) to a translated message."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(
            "; ".join(f"{field}: {message}" if field else message for field, message in fields.items())
        )
        self.fields = dict(fields)


class TooMany(HongyanError):
    """What may be done only so often was done as often; `seconds` until it may be done again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


class SourceError(HongyanError):
    """A delivered file refused as a whole: nothing of it is applied.

    `code` is a stable reason code of the integration room ("trailer_count", "encoding" …), `params` what
    its sentence needs, `row` the physical line where known.
    """

    def __init__(self, code: str, *, file: str = "", row: int | None = None, **params: object) -> None:
        super().__init__(f"{file}: {code}")
        self.code = code
        self.file = file
        self.row = row
        self.params = params
