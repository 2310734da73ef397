"""Names of files that people and systems bring (文件名): never used as a path, shown only as they may be shown."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath

from hongyan.core.personal_numbers import mask_numbers

_LONGEST_NAME = 255


def shown_name(file_name: str) -> str:
    """A file's own name as it may be shown: no folders, control characters, numbers of people, and not too long.

    >>> shown_name("../../etc/a\\u202egpj.txt"), shown_name("")
    ('agpj.txt', '?')
    """
    name = PurePosixPath(file_name.replace("\\", "/")).name
    seen = "".join(char for char in name if unicodedata.category(char)[0] != "C")
    return mask_numbers(seen)[-_LONGEST_NAME:] or "?"
