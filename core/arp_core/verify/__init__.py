"""Verification: an own reading of the specification (docs/spec/credential.md §6).

A failed check is data, never an exception. Exceptions mean that the question
could not be asked: a path that is absent or cannot be opened, or a damaged
trust list of this station.
"""

from __future__ import annotations

from arp_core.verify.asset import first_unlisted, verify_all, verify_path, verify_sidecar
from arp_core.verify.policy import STANDARD, STRICT, AllOf, AnyOf, Passed, Policy
from arp_core.verify.result import Failure, Status, Step, Verification, worst
from arp_core.verify.rights import ALLOWING, Rights, Use

__all__ = (
    "ALLOWING",
    "STANDARD",
    "STRICT",
    "AllOf",
    "AnyOf",
    "Failure",
    "Passed",
    "Policy",
    "Rights",
    "Status",
    "Step",
    "Use",
    "Verification",
    "first_unlisted",
    "verify_all",
    "verify_path",
    "verify_sidecar",
    "worst",
)
