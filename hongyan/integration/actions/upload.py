"""Uploading (上传): files a person sends by hand; each has its own answer, so that one bad file stops no other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from hongyan.core import clock
from hongyan.core.errors import NotAllowed, NotFound, SourceError
from hongyan.core.file_names import shown_name
from hongyan.integration.actions.receive import receive
from hongyan.integration.codes import Channel
from hongyan.integration.descriptors import Descriptor, find_descriptor
from hongyan.integration.models import Delivery
from hongyan.integration.reasons import sentence
from hongyan.integration.rules import example_name
from hongyan.integration.words import short_name, title_of
from hongyan.org.codes import Right, Viewer


@dataclass(frozen=True, slots=True)
class Uploaded:
    """The answer to one file: its delivery, new or known before, or the problem in words and nothing received."""

    file_name: str
    delivery: Delivery | None = None
    is_new: bool = False
    problem: str = ""


def upload(viewer: Viewer, system: str, files: Iterable[tuple[str, BinaryIO]]) -> list[Uploaded]:
    """Receive files (name, content) of one system; their checks are deferred.

    Errors: NotAllowed without the right, NotFound, Invalid for a system that is not connected.
    """
    if not viewer.may(Right.INTAKE_LOAD):
        raise NotAllowed(Right.INTAKE_LOAD)
    descriptor = find_descriptor(system)
    if descriptor is None:
        raise NotFound("system", system[:20])
    return [_upload(viewer, descriptor, shown_name(name), content) for name, content in files]


def expected_names(descriptor: Descriptor) -> list[str]:
    """What the files of a system are called today, with what they hold: `KG_CUST_20261122.txt（客户）`."""
    today = clock.business_date()
    if descriptor.file:
        titles = _("、").join(title_of(kind) for kind in descriptor.kinds)
        return [_("{name}（{kind}）").format(name=example_name(descriptor.file, today), kind=titles)]
    return [
        _("{name}（{kind}）").format(name=example_name(kind.file, today), kind=title_of(kind))
        for kind in descriptor.kinds
        if kind.file
    ]


def _upload(viewer: Viewer, descriptor: Descriptor, name: str, content: BinaryIO) -> Uploaded:
    if descriptor.match(name) is None:
        return Uploaded(name, problem=_unexpected(descriptor))
    try:
        received = receive(
            content, file_name=name, system=descriptor.code, channel=Channel.UPLOAD, actor=viewer.actor
        )
    except SourceError as error:
        return Uploaded(name, problem=sentence({"code": error.code, "params": error.params}))
    return Uploaded(name, received.delivery, received.is_new)


def _unexpected(descriptor: Descriptor) -> str:
    return _("{system}没有这种名称的文件，没有接收。它的文件应为：{names}").format(
        system=short_name(descriptor), names=_("；").join(expected_names(descriptor))
    )
