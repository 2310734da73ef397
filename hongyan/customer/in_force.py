"""The models by which customers are compared right now (启用中的识别模型): trained in the house, else as shipped.

Every process keeps them for half a minute, so a model that two people put in force decides everywhere soon after. A
request pays one small question for that at most, and reads a model only when another one is in force.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping

from hongyan.core.errors import NotFound
from hongyan.customer.codes import ModelState, PartyType
from hongyan.customer.models import IdentityModel, ModelUse
from hongyan.identity.model.weights import Model, default_model, model_of
from hongyan.identity.record import Kind

KEPT_SECONDS = 30
KINDS: dict[Kind, PartyType] = {"person": PartyType.PERSON, "organisation": PartyType.ORGANISATION}
SHIPPED = 0
"""The version of the model that comes with the program."""


def models() -> Mapping[Kind, Model]:
    """The models by which customers are compared."""
    return _kept.now()


def forget_models() -> None:
    """Look anew when a model is needed next: another one is in force."""
    _kept.forget()


def model_of_version(kind: Kind, version: int) -> Model:
    """A model of the house, or the shipped one. Errors: NotFound for one that is not there or not trained."""
    if version == SHIPPED:
        return default_model(kind)
    row = IdentityModel.objects.filter(party_type=KINDS[kind], version=version).first()
    if row is None or row.content is None:
        raise NotFound("identity_model", f"{kind} {version}")
    return model_of(row.content)


class _Kept:
    """The models in force, as this process knows them; a model stays the same object while it is in force."""

    def __init__(self) -> None:
        self.read_at = -math.inf
        self._models: dict[Kind, Model] = {}

    def forget(self) -> None:
        self.read_at = -math.inf
        self._models = {}

    def now(self) -> Mapping[Kind, Model]:
        if time.monotonic() - self.read_at > KEPT_SECONDS:
            versions = _versions()
            self._models = {kind: self._model(kind, versions.get(KINDS[kind], SHIPPED)) for kind in KINDS}
            self.read_at = time.monotonic()
        return self._models

    def _model(self, kind: Kind, version: int) -> Model:
        known = self._models.get(kind)
        return known if known and known.version == version else model_of_version(kind, version)


_kept = _Kept()


def _versions() -> dict[str, int]:
    """Party type → version of the model in force, of those that do not go by the shipped one."""
    used = ModelUse.objects.filter(state=ModelState.IN_FORCE, model__isnull=False)
    return dict(used.values_list("party_type", "model__version"))
