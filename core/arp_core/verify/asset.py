"""From a path to a result: which credential speaks for it, and what it says."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from arp_core.clock import Clock, system_clock
from arp_core.errors import ArpError, InputError, UsageError
from arp_core.home import Home
from arp_core.trust import TrustList
from arp_core.verify import gather
from arp_core.verify.content_steps import content_steps
from arp_core.verify.neighbours import Neighbours, find_sidecars
from arp_core.verify.policy import STANDARD, STRICT, Policy
from arp_core.verify.result import PRECEDENCE, Failure, Outcome, Status, Step, Verification, worst
from arp_core.verify.rights import RightsVerdict, Use, rights_verdict
from arp_core.verify.signed import RECORDS_ENDING, SIDECAR_ENDING, SignedCredential
from arp_core.verify.signed_steps import signed_steps
from arp_core.verify.strangers import strangers
from arp_core.verify.view import ContentView, SignedView

#: How many folders above a file its package's sidecar may stand.
_LEVELS_UP = 2

#: Strangers that are reported without counting against the asset.
_REPORTED = ("dropping", "attested", "unchecked")
_ATTACHED = ("log_proof", "timestamp")

_NOT_READ = RightsVerdict("undeclared", "rights_not_readable")


@dataclass(frozen=True)
class _Question:
    """What is the same for every asset of one call."""

    home: Home
    trust: TrustList
    now: datetime
    policy: Policy
    use: Use | None
    valid: dict[Path, SignedCredential | None] = field(default_factory=dict)

    def read_valid(self, sidecar: Path) -> SignedCredential | None:
        """Return the credential of another sidecar if its signed steps hold (each read once)."""
        if sidecar not in self.valid:
            try:
                view, _ = gather.gather_signed(sidecar, home=self.home, trust=self.trust, now=self.now)
            except ArpError:  # unreadable: it vouches for nothing
                self.valid[sidecar] = None
            else:
                # A neighbour whose status list is not at hand is still signed by someone trusted.
                holds = all(step.holds or step.code == "status_list_absent" for step in signed_steps(view))
                self.valid[sidecar] = view.signed if holds else None
        return self.valid[sidecar]


def verify_path(
    path: Path,
    *,
    home: Home,
    policy: Policy = STANDARD,
    deep: bool = False,
    clock: Clock = system_clock,
    use: Use | None = None,
) -> Verification:
    """Return the result for a file, a sidecar, or the worst one in a folder.

    Args:
        path: What to verify.
        home: Whose trust list and status lists count.
        policy: What must hold.
        deep: Read geometry and labels again (the strict policy does so by itself).
        clock: Says what time it is.
        use: What the asset is wanted for; decides the rights verdict.

    Raises:
        UsageError: ``path_absent`` or ``path_unreadable``.
        InputError: ``trust_invalid``: this station's own trust list is damaged.
    """
    results = verify_all(path, home=home, policy=policy, deep=deep, clock=clock, use=use)
    return min(results, key=lambda result: PRECEDENCE.index(result.status))


def verify_all(
    path: Path,
    *,
    home: Home,
    policy: Policy = STANDARD,
    deep: bool = False,
    clock: Clock = system_clock,
    use: Use | None = None,
) -> tuple[Verification, ...]:
    """Return one result for each asset at ``path``; a folder may hold several, and never gives none.

    Raises:
        UsageError: ``path_absent`` or ``path_unreadable``.
        InputError: ``trust_invalid``.
    """
    question = _Question(
        home=home,
        trust=TrustList.load(home),
        now=clock(),
        policy=STRICT if deep else policy,
        use=use,
    )
    path = path.absolute()
    mode = _mode(path)
    if stat.S_ISDIR(mode):
        return tuple(_below(path, question=question)) or (_unsigned(path),)
    try:
        return (_named(path, question=question),)
    except InputError as error:
        if error.code not in ("path_unreadable", "file_not_regular"):
            raise
        raise UsageError(error.code, **error.facts) from error


def _named(path: Path, *, question: _Question) -> Verification:
    if path.name.endswith(SIDECAR_ENDING):
        return _sidecar(path, question=question)
    if path.name.endswith(RECORDS_ENDING):
        own = path.with_name(path.name.removesuffix(RECORDS_ENDING) + SIDECAR_ENDING)
        return _sidecar(own, question=question) if own.is_file() else _unsigned(path)
    return _file(path, question=question)


def _below(folder: Path, *, question: _Question) -> Iterator[Verification]:
    """Yield the result of every sidecar below ``folder``; one that cannot be read is a result too."""
    sidecars, stopped = find_sidecars(folder)
    for item in sidecars:
        try:
            yield _sidecar(item, question=question)
        except ArpError as error:
            irregular = error.code == "file_not_regular"
            code = "file_not_regular" if irregular else "file_unreadable"
            yield _unread(item, code, file=item.name, status="modified" if irregular else "unknown")
    for found in stopped:
        code = "folder_too_deep" if found.kind == "too_deep" else "folder_too_large"
        yield _unread(found.path, code, file=found.relative, status="modified")


def verify_sidecar(
    sidecar: Path,
    *,
    home: Home,
    policy: Policy = STANDARD,
    deep: bool = False,
    clock: Clock = system_clock,
    use: Use | None = None,
) -> Verification:
    """Return the result for the asset of this sidecar, whatever the file is called.

    Raises:
        UsageError: ``path_absent`` or ``path_unreadable``. InputError: ``trust_invalid``.
    """
    question = _Question(home=home, trust=TrustList.load(home), now=clock(), policy=STRICT if deep else policy, use=use)
    return _sidecar(sidecar.absolute(), question=question)


def first_unlisted(folder: Path, *, home: Home, clock: Clock = system_clock) -> str | None:
    """Return a package path that would fail a package sealed into ``folder``, or None.

    That is what verification would report as unlisted: no valid credential
    there lists it, and no operating system left it behind.

    Raises:
        InputError: ``trust_invalid``.
    """
    question = _Question(home=home, trust=TrustList.load(home), now=clock(), policy=STANDARD, use=None)
    neighbours = Neighbours(folder, read_valid=question.read_valid)
    for item in strangers(frozenset(), root=folder, neighbours=neighbours):
        if item.kind not in _REPORTED:
            return item.path
    return None


def _mode(path: Path) -> int:
    try:
        mode = path.stat().st_mode
        if stat.S_ISREG(mode):
            path.open("rb").close()
        elif stat.S_ISDIR(mode):
            os.scandir(path).close()
        else:
            raise UsageError("file_not_regular", file=path)
    except FileNotFoundError as error:
        raise UsageError("path_absent", path=path) from error
    except (OSError, ValueError) as error:
        raise UsageError("path_unreadable", path=path, reason=getattr(error, "strerror", None) or str(error)) from error
    return mode


def _sidecar(sidecar: Path, *, question: _Question, only: str | None = None, asked: Path | None = None) -> Verification:
    view, data = gather.gather_signed(sidecar, home=question.home, trust=question.trust, now=question.now)
    steps = signed_steps(view)
    content: ContentView | None = None
    if view.signed is not None and [step.name for step in steps][-1] == "validity":
        content = gather.gather_content(
            view.signed,
            root=sidecar.parent,
            neighbours=Neighbours(
                sidecar.parent,
                read_valid=question.read_valid,
                except_for=unicodedata.normalize("NFC", sidecar.name),
            ),
            only=only,
            # Geometry of files that nobody trusted signed is not worth its cost.
            deep=question.policy.deep and all(step.holds for step in steps[:4]),
        )
        steps += content_steps(content)
    return _result(asked or sidecar, sidecar, view=view, data=data, steps=steps, content=content, question=question)


def _result(
    path: Path,
    sidecar: Path,
    *,
    view: SignedView,
    data: bytes,
    steps: tuple[Step, ...],
    content: ContentView | None,
    question: _Question,
) -> Verification:
    status = worst(step.word for step in steps)
    if status == "verified" and not question.policy.rule.accepts({step.name: step for step in steps}):
        status = "unknown"  # nothing speaks against it, yet the policy asks for more than was answered
    signed = view.signed
    rights = _NOT_READ
    if signed is not None and content is not None:
        rights = rights_verdict(signed, use=question.use, now=question.now)
    subject = (view.document or {}).get("credentialSubject")
    return Verification(
        path=path,
        status=status,
        rights=rights.rights,
        rights_reason=rights.reason,
        steps=steps,
        failures=tuple(failure for step in steps for failure in step.failures),
        notes=_notes(content, steps=steps),
        credential_id=signed.id if signed else "",
        object_id=signed.object_id if signed else "",
        version=signed.version if signed else 0,
        issuer=signed.issuer if signed else "",
        sidecar=sidecar,
        sidecar_sha256=gather.sidecar_digest(data),
        policy=question.policy.name,
        meshes={f"{file}#{mesh}": digest for (file, mesh), digest in signed.geometry.items()} if signed else {},
        label=signed.label if signed else None,
        document=view.document if isinstance(subject, dict) else None,
    )


def _notes(content: ContentView | None, *, steps: tuple[Step, ...]) -> tuple[str, ...]:
    """What is reported without counting against the asset."""
    if content is None:
        return ()
    notes = [f"{item.kind}: {item.path}" for item in content.strangers if item.kind in _REPORTED]
    return tuple(notes + [f"unchecked: {step.detail}" for step in steps if step.name in _ATTACHED and _idle(step)])


def _idle(step: Step) -> bool:
    """Whether a step had nothing to decide and yet met something."""
    return step.outcome == "not_applicable" and step.code.endswith("_unchecked")


def _file(path: Path, *, question: _Question) -> Verification:
    """Verify one file by its own sidecar, else by the package sidecar near it that lists it."""
    own = path.with_name(path.name + SIDECAR_ENDING)
    if own.is_file() or own.is_symlink():
        return _sidecar(own, question=question, only=unicodedata.normalize("NFC", path.name), asked=path)
    found: list[Verification] = []
    for sidecar, relative in _near(path):
        listing = _listing(sidecar, question=question)
        if listing is not None and listing.file(relative) is not None:
            found.append(_sidecar(sidecar, question=question, only=relative, asked=path))
    if not found:
        return _unsigned(path)
    # Several may list it; that one of them holds is enough to vouch for the file.
    return max(found, key=lambda result: PRECEDENCE.index(result.status))


def _near(path: Path) -> Iterator[tuple[Path, str]]:
    folder = path.parent
    for _ in range(_LEVELS_UP + 1):
        relative = unicodedata.normalize("NFC", path.relative_to(folder).as_posix())
        for sidecar in sorted(folder.glob("*" + SIDECAR_ENDING)):
            yield sidecar, relative
        if folder == folder.parent:
            return
        folder = folder.parent


def _listing(sidecar: Path, *, question: _Question) -> SignedCredential | None:
    try:
        return gather.gather_signed(sidecar, home=question.home, trust=question.trust, now=question.now)[0].signed
    except ArpError:  # a neighbour that cannot be opened lists nothing
        return None


def _unsigned(path: Path) -> Verification:
    return _unread(path, "sidecar_missing", file=path.name, status="unsigned")


def _unread(path: Path, code: str, *, file: str, status: Status) -> Verification:
    """Return the result for what no credential could be read for."""
    outcome: Outcome = "unknown" if status == "unknown" else "failed"
    step = Step(1, "wellformed", outcome, code, "", status, (Failure(code, file),))
    return Verification(
        path=path,
        status=status,
        rights="undeclared",
        rights_reason="rights_not_readable",
        steps=(step,),
        failures=step.failures,
    )
