"""The reader's name across a page: in the image, harmless, and escaped."""

from __future__ import annotations

from base64 import b64decode
from xml.etree import ElementTree

import pytest
from django.template import Context, Template

from hongyan.ui.watermark import image_of


def svg(address: str) -> str:
    return b64decode(address.removeprefix("data:image/svg+xml;base64,")).decode()


def parsed(address: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg(address))  # noqa: S314  our own image


def test_it_bears_the_text_again_and_again() -> None:
    image = parsed(image_of("张伟 100001 2026-11-23 09:00"))
    texts = [text.text for text in image.iter("{http://www.w3.org/2000/svg}text")]
    assert set(texts) == {"张伟 100001 2026-11-23 09:00"}
    assert image.find(".//{http://www.w3.org/2000/svg}pattern") is not None


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"&'])
def test_a_name_is_text_in_it(name: str) -> None:
    image = parsed(image_of(name))
    assert next(image.iter("{http://www.w3.org/2000/svg}text")).text == name
    assert "<script" not in svg(image_of(name))


@pytest.mark.parametrize(("text", "count"), [("张伟 100001", 1), ("", 0)])
def test_the_tag_draws_it_out_of_everybodys_way(text: str, count: int) -> None:
    page = Template("{% load ui %}{% watermark %}").render(Context({"watermark": text}))
    assert page.count('<img class="watermark"') == count
    assert page.count('alt="" aria-hidden="true"') == count
