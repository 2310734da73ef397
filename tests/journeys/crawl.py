"""Going through every page that links lead to, once per address name, and noting what each one shows."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Page

DOWNLOADS = {
    "desk:export_file",
    "desk:download_file",
    "desk:view_file",
    "api:openapi-json",
    "customer:model_file",
}

# Everything a reader or a screen reader gets to know: text, and the attributes that are read out or shown. What is
# marked as being in another language (the language switch) is left out.
SHOWN_TEXT = """() => {
  const own = document.documentElement.lang, texts = [document.title];
  const foreign = (element) => (element.closest("[lang]")?.lang ?? own) !== own;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement: parent } = walker.currentNode;
    if (!["SCRIPT", "STYLE", "NOSCRIPT", "TEXTAREA"].includes(parent.tagName) && !foreign(parent)) texts.push(data);
  }
  for (const name of ["title", "aria-label", "placeholder", "alt"])
    for (const element of document.querySelectorAll(`body [${name}]`))
      if (!foreign(element)) texts.push(element.getAttribute(name));
  return [...new Set(texts.map((text) => text.replace(/\\s+/g, " ").trim()))].filter(Boolean);
}"""
LINKS = """() => [...document.querySelectorAll("a[href]")]
  .map((link) => link.getAttribute("href")).filter((address) => /^[/?]/.test(address))"""
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(frozen=True)
class Seen:
    """One page: its address, what it shows, by how many pixels it is wider than the screen."""

    path: str
    texts: Sequence[str]
    overflow_px: int


def crawl(page: Page, starts: Iterable[str]) -> list[Seen]:
    """Visit the starts and all that links lead to from there, each address name once."""
    waiting, known, seen = deque(starts), set(), []
    while waiting:
        path = waiting.popleft()
        key = _key(path)
        if key is None or key in known:
            continue
        known.add(key)
        page.goto(path)
        seen.append(_seen(page, path))
        if say_what_for(page):
            seen.append(_seen(page, path))
        here = urlsplit(page.url).path
        waiting.extend(link if link.startswith("/") else here + link for link in page.evaluate(LINKS))
    return seen


def say_what_for(page: Page) -> bool:
    """Where a page asks what a customer of others is needed for: say it, and be led on. Whether it asked."""
    if not urlsplit(page.url).path.endswith("/purpose/"):
        return False
    page.locator("main [name=purpose][value=service]").check()
    with page.expect_navigation():
        page.locator("main form .btn-primary").click()
    return True


def _seen(page: Page, path: str) -> Seen:
    return Seen(path, page.evaluate(SHOWN_TEXT), page.evaluate(OVERFLOW))


def _key(path: str) -> tuple[Any, ...] | None:
    """What makes two addresses the same page: the address's name, its tab, whether it has a query or offers filters."""
    parts = urlsplit(path)
    try:
        found = resolve(parts.path)
    except Resolver404:
        return (parts.path,)
    if found.view_name in DOWNLOADS or parts.path.startswith("/static/"):
        return None
    # one filtered list stands for all: the first address with a query beside the one without
    return found.view_name, found.kwargs.get("tab", ""), bool(parts.query), "filters=" in parts.query
