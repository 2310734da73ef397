"""Classifying product codes of sources (归类产品): which of our products a code means, audited."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit
from hongyan.core.errors import Invalid, NotAllowed, NotFound
from hongyan.core.versions import require_unchanged
from hongyan.ledger.models import Product, SourceProduct
from hongyan.org.codes import Right, Viewer


def map_product(
    viewer: Viewer, system: str, code: str, *, product_code: str, seen: str | None = None
) -> SourceProduct:
    """Say which product a source's code means; "" takes it back to unclassified. No fact changes.

    A product is of one line, and what is sold of it counts in that line: a code of another line cannot mean it.
    Errors: NotAllowed without the right; NotFound for a code no system has used; Invalid for an unknown product, and
    for one of another line; Conflict when the code no longer means what was `seen` (a product's code, "" for none).
    """
    if not viewer.may(Right.PRODUCT_MAP):
        raise NotAllowed(Right.PRODUCT_MAP)
    product = Product.objects.select_related("family").filter(code=product_code).first()
    if product_code and product is None:
        raise Invalid({"product": _("没有这个产品")})
    with transaction.atomic():
        source = (
            SourceProduct.objects.select_for_update(of=("self",))
            .select_related("product")
            .filter(system=system, code=code)
            .first()
        )
        if source is None:
            raise NotFound("source_product", f"{system}/{code}")
        held = source.product.code if source.product else ""
        require_unchanged("source_product", seen, held, now=str(source.product or ""))
        if product is not None and product.family.line != source.line:
            raise Invalid({"product": _("这个产品属于别的板块")})
        source.product = product
        source.save(update_fields=["product"])
        audit.record(
            viewer.actor,
            "ledger.map_product",
            "source_product",
            f"{system}/{code}",
            before={"product": held},
            after={"product": product_code},
        )
    return source
