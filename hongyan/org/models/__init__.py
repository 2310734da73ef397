"""Units in two trees, who works where, and what a colleague has to agree to (机构、人员、岗位、审批).

    Unit ──< Place                      where it stands in each tree: its range of numbers is a scope
               │
    Staff ──< Post ──< Delegation       who acts there, in which role; lent to a colleague for some days
     │         └──< ApiToken            held by a program
     └──< Activation, RecoveryCode, PastPassword, LoginEvent    how they get in

    PostRequest, AccountRequest, ParameterChange, Reorganisation    what is asked for; `state` follows the approval
    Approval ──< ApprovalStep ──< ApprovalEvent                     who has to agree, and what happened so far

    Division ──< Postcode               places as the standards and the lists name them

An approval names its subject by kind and id, since that may belong to any room (see `org.approvals`).
"""

from __future__ import annotations

from hongyan.org.models.accounts import (
    AccountRequest,
    Activation,
    ApiToken,
    LoginEvent,
    PastPassword,
    RecoveryCode,
)
from hongyan.org.models.approvals import Approval, ApprovalEvent, ApprovalStep
from hongyan.org.models.parameters import ParameterChange
from hongyan.org.models.places import Division, Postcode
from hongyan.org.models.posts import Delegation, Post, PostRequest
from hongyan.org.models.reorganisations import Reorganisation
from hongyan.org.models.staff import Staff, behind
from hongyan.org.models.units import Place, Unit

__all__ = [
    "AccountRequest",
    "Activation",
    "ApiToken",
    "Approval",
    "ApprovalEvent",
    "ApprovalStep",
    "Delegation",
    "Division",
    "LoginEvent",
    "ParameterChange",
    "PastPassword",
    "Place",
    "Post",
    "PostRequest",
    "Postcode",
    "RecoveryCode",
    "Reorganisation",
    "Staff",
    "Unit",
    "behind",
]
