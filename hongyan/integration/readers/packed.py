"""Packed files (gzip): a delivery whose name ends in `.gz` is unpacked on its way into the reader, within limits."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from hongyan.core.errors import SourceError

ENDING = ".gz"
LARGEST_RATIO = 100
"""Unpacked to packed bytes; delivered text packs 5 to 30 times, a bomb a thousand times."""
_SLACK_BYTES = 1 << 20
"""So little may be packed in any ratio."""
_PIECE_BYTES = 1 << 20
_GZIP = 31  # zlib's word for "with a gzip header"


def unpacked(chunks: Iterable[bytes], *, limit: int) -> Iterator[bytes]:
    """The content of a gzip stream, several members in a row included. `limit` is in unpacked bytes.

    Errors: SourceError(gzip) for what is none or ends too early, SourceError(too_large or bomb).
    """
    member = zlib.decompressobj(_GZIP)
    packed = total = 0
    for chunk in chunks:
        packed += len(chunk)
        rest = chunk
        while rest:
            if member.eof:
                member = zlib.decompressobj(_GZIP)
            piece = _piece(member, rest)
            rest = member.unused_data if member.eof else member.unconsumed_tail
            total += len(piece)
            if total > limit:
                raise SourceError("too_large", limit=limit)
            if total > LARGEST_RATIO * packed + _SLACK_BYTES:
                raise SourceError("bomb")
            if piece:
                yield piece
    if not packed:
        return
    if not member.eof:
        raise SourceError("gzip")


def _piece(member: zlib._Decompress, packed: bytes) -> bytes:
    try:
        return member.decompress(packed, _PIECE_BYTES)
    except zlib.error as error:
        raise SourceError("gzip") from error
