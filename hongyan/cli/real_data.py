"""`hongyan real-data`: public data sets through the ordinary intake, for trials (`make demo-real`)."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import click
from rich.console import Console

from hongyan.cli.conventions import Refused, Result, answers, prepare_django
from hongyan.cli.db import bring_up_to_date, held, reachable
from hongyan.config import home

FILES = (
    ("real_divisions", "cn_divisions/provinces.csv.gz"),
    ("real_divisions", "cn_divisions/cities.csv.gz"),
    ("real_divisions", "cn_divisions/areas.csv.gz"),
    ("real_divisions", "cn_divisions/streets.csv.gz"),
    ("real_postcodes", "cn_postcodes/china_region_postcodes.csv.gz"),
    ("real_olist", "olist/sellers.parquet"),
    ("real_olist", "olist/order_items.parquet"),
    ("real_funnel", "olist_funnel/olist_closed_deals_dataset.csv.gz"),
    ("real_retail", "online_retail/online_retail_II_2009-2010.parquet"),
    ("real_retail", "online_retail/online_retail_2010-2011_positive.parquet"),
    ("real_cdnow", "cdnow/CDNOW_master.txt.gz"),
)
"""Connector and file: places before the postcodes that name them, customers before what they did."""
ORDERS = ("olist_sample8pct/olist_orders_dataset.csv.gz", "olist_sample8pct/olist_order_items_dataset.csv.gz")
"""Two tables that tell of the same parcels: they come in one archive, named after the last day they tell of."""
ARCHIVE = "olist_orders_20181017.zip"
COMPANIES = "cn_companies/Company-Shorter-Form_28W.txt.gz"
LINES_ABOUT_THE_LIST = 3
DEFAULT_COMPANIES = 5_000
SEED = 20261121

console = Console(stderr=True, highlight=False)


@click.group(name="real-data")
def real_data() -> None:
    """Load public data sets, which are not part of Hongyan, for trials."""


@real_data.command()
@click.option(
    "--companies", default=DEFAULT_COMPANIES, show_default=True, help="So many company names; 0 for all."
)
@answers
def load(companies: int) -> Result:
    """Load the data sets in the folder HONGYAN_REAL names into HONGYAN_HOME, with the demo's organisation.

    What came before changes nothing; after a kill the rest is loaded. Files that are not in the folder are left out.
    """
    folder = home.real_data()
    if folder is None:
        raise Refused("HONGYAN_REAL names no folder of data sets")
    here = home.current()
    with held(here), reachable(here) as owner:
        bring_up_to_date(owner)
        prepare_django()
        staff = _organisation(here.root / "real")
        rows = dict(_all_files(folder, here.root / "real", companies))
        _open_accounts(staff)
    return {
        "rows": sum(rows.values()),
        "files": [{"file": name, "rows": accepted} for name, accepted in rows.items()],
    }


def _organisation(drafts: Path) -> list[str]:
    """Load the units and people of the smallest demo; the staff numbers of those who may log in."""
    from hongyan.core import clock
    from hongyan.integration.demo.draw import Draw
    from hongyan.integration.demo.erp import write_erp
    from hongyan.integration.demo.network import build_network
    from hongyan.integration.demo.numbers import Numbers

    drafts.mkdir(parents=True, exist_ok=True)
    today = clock.business_date()
    network = build_network(1, draw=Draw(f"network {SEED}"), numbers=Numbers(), as_of=today)
    path, _rows = write_erp(drafts, network=network, as_of=today)
    _load_file("erp", path)
    return [person.staff_no for person in network.demo_staff]


def _all_files(folder: Path, drafts: Path, companies: int) -> Iterator[tuple[str, int]]:
    """File → rows accepted, as each is loaded."""
    for system, name in FILES:
        if (folder / name).exists():
            yield name, _load_file(system, folder / name)
    if all((folder / name).exists() for name in ORDERS):
        yield ARCHIVE, _load_file("real_olist", _archive([folder / name for name in ORDERS], drafts))
    if (folder / COMPANIES).exists():
        path = (
            folder / COMPANIES if companies == 0 else _first_companies(folder / COMPANIES, drafts, companies)
        )
        yield COMPANIES, _load_file("real_companies", path)


def _archive(tables: list[Path], drafts: Path) -> Path:
    """Some files in one archive, which is the same whenever it is made."""
    packed = drafts / ARCHIVE
    with zipfile.ZipFile(packed, "w") as archive:
        for table in tables:
            archive.writestr(zipfile.ZipInfo(table.name), table.read_bytes())
    return packed


def _first_companies(path: Path, drafts: Path, companies: int) -> Path:
    """The beginning of the list of companies as a file of its own."""
    part = drafts / path.with_suffix("").name
    with gzip.open(path) as packed:
        part.write_bytes(b"".join(islice(packed, companies + LINES_ABOUT_THE_LIST)))
    return part


def _load_file(system: str, path: Path) -> int:
    """Receive, check, sign and apply one file; its accepted rows. Errors: Refused for a file refused as a whole."""
    from hongyan.core.audit import Actor
    from hongyan.integration.actions import apply, check, receive_file, sign_as
    from hongyan.integration.codes import Channel, DeliveryState
    from hongyan.integration.reasons import sentence

    actor = Actor("system:real-data")
    received = receive_file(path, system=system, channel=Channel.COMMAND, actor=actor, in_background=False)
    delivery = check(received.delivery.id, in_background=False)
    if delivery.state == DeliveryState.REFUSED:
        raise Refused(f"{path.name}: {sentence(delivery.refusal or {'code': ''})}")
    if delivery.state == DeliveryState.CHECKED:  # too many rows in quarantine for the house to sign by itself
        delivery = sign_as(actor, delivery.id, in_background=False)
    delivery = apply(delivery.id)
    console.print(f"{path.name}: {delivery.accepted:,} of {delivery.received:,} rows")
    return delivery.accepted


def _open_accounts(staff: list[str]) -> None:
    from hongyan.cli.demo import open_accounts

    open_accounts(staff)
