"""Steps 1 to 6: is this a credential, whose is it, and is it in force? Pure functions.

The numbers are those of docs/spec/credential.md §6.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from arp_core import canonical, clock, proof, statuslist
from arp_core.errors import InputError
from arp_core.trust import Role
from arp_core.verify.result import Failure, Status, Step
from arp_core.verify.signed import SIDECAR_ENDING, SignedCredential, StatusEntry
from arp_core.verify.view import ListFact, SignedView

#: Who may issue a credential.
ISSUING_ROLES: tuple[Role, ...] = ("station", "platform")


def signed_steps(view: SignedView) -> tuple[Step, ...]:
    """Return the outcomes of steps 1 to 6; it stops where nothing further can be relied on."""
    first = wellformed(view)
    if view.signed is None or not first.holds:
        return (first,)
    second = proof_holds(view)
    if not second.holds:
        return first, second
    third = issuer_bound(view, view.signed)
    if not third.holds:
        return first, second, third
    return (
        first,
        second,
        third,
        issuer_trusted(view, view.signed),
        status_in_force(view, view.signed),
        within_validity(view, view.signed),
    )


def wellformed(view: SignedView) -> Step:
    """Step 1: size, canonical form, shape, version and critical fields; the sidecar bears its name."""
    if view.signed is None:
        return _failed(1, "wellformed", view.code, view.file or view.sidecar_name, view.detail)
    if view.sidecar_name != view.signed.name + SIDECAR_ENDING:
        detail = f"expected {view.signed.name}{SIDECAR_ENDING}"
        return _failed(1, "wellformed", "sidecar_renamed", view.sidecar_name, detail)
    return Step(1, "wellformed", "passed")


def proof_holds(view: SignedView) -> Step:
    """Step 2: the one proof holds (eddsa-jcs-2022)."""
    check = proof.check_proof(view.document or {})
    if check:
        return Step(2, "proof", "passed")
    return _failed(2, "proof", check.code, view.sidecar_name)


def issuer_bound(view: SignedView, signed: SignedCredential) -> Step:
    """Step 3: the key that signed is the issuer's. Without this step forgeries are accepted."""
    check = proof.check_proof(view.document or {})
    if check.did == signed.issuer:
        return Step(3, "issuer", "passed")
    return _failed(3, "issuer", "issuer_not_signer", view.sidecar_name, f"signed by {check.did}")


def issuer_trusted(view: SignedView, signed: SignedCredential) -> Step:
    """Step 4: the issuer may issue, today.

    ``created`` is what the signer says and never evidence of when it signed, so
    without a log proof the present counts.
    """
    for role in ISSUING_ROLES:
        if view.trust.find(signed.issuer, role=role, at=view.now) is not None:
            return Step(4, "trust", "passed")
    code = "issuer_outside_window" if view.trust.known(signed.issuer) else "issuer_untrusted"
    return _failed(4, "trust", code, view.sidecar_name, signed.issuer, word="untrusted")


def status_in_force(view: SignedView, signed: SignedCredential) -> Step:
    """Step 5: neither revoked nor suspended, by signed lists of the issuer and the acts of this station."""
    if not signed.status and view.acted is None:
        return Step(5, "status", "not_applicable")
    unknown: Step | None = None
    suspended: Step | None = None
    if view.acted == "revoked":
        return _failed(5, "status", "credential_revoked", view.sidecar_name, word="revoked")
    if view.acted == "suspended":
        suspended = _failed(5, "status", "credential_suspended", view.sidecar_name, word="suspended")
    elif view.acted == "damaged":
        unknown = _unknown(5, "status", "status_acts_damaged", view.sidecar_name, "acts.jsonl")
    for entry in signed.status:
        code, detail = _bit(entry, found=view.status_lists.get(entry.list_id), issuer=signed.issuer, now=view.now)
        if code == "credential_revoked":
            return _failed(5, "status", code, view.sidecar_name, word="revoked")
        if code == "credential_suspended":
            suspended = _failed(5, "status", code, view.sidecar_name, word="suspended")
        elif code:
            unknown = _unknown(5, "status", code, view.sidecar_name, detail)
    return suspended or unknown or Step(5, "status", "passed")


def _bit(entry: StatusEntry, *, found: ListFact | None, issuer: str, now: datetime) -> tuple[str, str]:
    """Return the code and detail of one status entry; an empty code means nothing is set."""
    if found is None:
        return "status_list_absent", entry.list_id
    code, detail, bits = _opened(found, entry.list_id, entry.purpose, issuer, now)
    if code:
        return code, detail
    if entry.index >= statuslist.ENTRIES:
        return "status_list_invalid", f"{entry.list_id}: index {entry.index}"
    if not statuslist.is_set(bits, entry.index):
        return "", ""
    return ("credential_revoked" if entry.purpose == "revocation" else "credential_suspended"), entry.list_id


@lru_cache(maxsize=16)
def _opened(found: ListFact, list_id: str, purpose: str, issuer: str, now: datetime) -> tuple[str, str, bytes]:
    """Return why a list cannot be relied on, or its bits; many credentials stand in one list."""
    try:
        document = canonical.read_json(found.data, name=list_id, canonical=True)
        check = proof.check_proof(document)
        if not check or check.did != issuer or document.get("issuer") != issuer:
            return "status_list_not_issuers", list_id, b""
        bits = statuslist.bits_of(document, identifier=list_id, purpose=purpose)
        begins = statuslist.moment(document, "validFrom")
        if not found.own:
            until = document.get("validUntil")
            if not isinstance(until, str) or clock.from_text(until) <= now:
                return "status_list_stale", list_id, b""
            if begins > now + clock.ALLOWED_SKEW:
                return "status_list_invalid", f"{list_id}: it begins in the future", b""
    except InputError as error:
        return "status_list_invalid", f"{list_id}: {error.code}", b""
    return "", "", bits


def within_validity(view: SignedView, signed: SignedCredential) -> Step:
    """Step 6: not past ``validUntil``, and not from a future beyond the stated skew."""
    if signed.valid_until is not None and view.now >= signed.valid_until:
        detail = clock.to_text(signed.valid_until)
        return _failed(6, "validity", "credential_expired", view.sidecar_name, detail, word="expired")
    if signed.valid_from > view.now + clock.ALLOWED_SKEW:
        detail = clock.to_text(signed.valid_from)
        return _unknown(6, "validity", "credential_not_yet_valid", view.sidecar_name, detail)
    return Step(6, "validity", "passed")


def _failed(number: int, name: str, code: str, file: str, detail: str = "", *, word: Status = "modified") -> Step:
    return Step(number, name, "failed", code, detail, word, (Failure(code, file, detail),))


def _unknown(number: int, name: str, code: str, file: str, detail: str) -> Step:
    return Step(number, name, "unknown", code, detail, "unknown", (Failure(code, file, detail),))
