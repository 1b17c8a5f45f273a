"""Steps 7 to 12: does what stands on disk agree with what was signed? Pure functions.

The numbers are those of docs/spec/credential.md §6.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from arp_core.orchestrate.capability import SOURCE_TYPES
from arp_core.verify.records_file import record_failures
from arp_core.verify.result import Failure, Outcome, Status, Step
from arp_core.verify.signed import ListedFile
from arp_core.verify.view import AttachmentState, ContentView, DeepFact, FileFact

_STATE_CODES = {
    "absent": "file_missing",
    "case_differs": "file_name_differs",
    "link": "file_is_link",
    "ambiguous": "file_ambiguous",
    "not_a_file": "file_not_regular",
    "unreadable": "file_unreadable",
}
_STRANGER_CODES = {
    "link": "link_in_package",
    "file": "file_unlisted",
    "too_deep": "folder_too_deep",
    "too_many": "folder_too_large",
}
#: How many failures of one step are listed one by one.
_MOST_LISTED = 100


def content_steps(view: ContentView) -> tuple[Step, ...]:
    """Return the outcomes of steps 7 to 12."""
    return (
        files_agree(view),
        records_agree(view),
        geometry_agrees(view),
        label_agrees(view),
        log_proof_stands(view),
        timestamp_stands(view),
    )


def files_agree(view: ContentView) -> Step:
    """Step 7, both ways: every listed file has its digest, and nothing unlisted stands in a package."""
    failures: list[Failure] = []
    unread: list[Failure] = []
    if view.only is not None and view.signed.file(view.only) is None:
        failures.append(Failure("credential_of_another_file", view.only))
    for listed in _asked(view):
        failure = _file_failure(listed, view.files[listed.path], view=view)
        if failure is not None:
            (unread if failure.code == "file_unreadable" else failures).append(failure)
    for stranger in view.strangers:
        if stranger.kind in _STRANGER_CODES:
            failures.append(Failure(_STRANGER_CODES[stranger.kind], stranger.path))
        elif stranger.kind == "unreadable":
            unread.append(Failure("file_unreadable", stranger.path))
    if not failures and unread:
        return _step(7, "files", unread, outcome="unknown", word="unknown")
    return _step(7, "files", failures + unread)


def _file_failure(listed: ListedFile, fact: FileFact, *, view: ContentView) -> Failure | None:
    if fact.state != "read" or fact.digest is None:
        return Failure(_STATE_CODES[fact.state], listed.path, fact.detail)
    if fact.digest.sha256 == listed.sha256:
        return None
    other = view.signed.bearing(fact.digest.sha256)
    if other is not None:
        return Failure("file_swapped", listed.path, f"it holds the bytes of {other.path}")
    return Failure("file_changed", listed.path, f"expected {listed.sha256.hex()}, found {fact.digest.hex}")


def records_agree(view: ContentView) -> Step:
    """Step 8: every disclosed record has its salted digest; what is withheld is reported, not failed."""
    records = view.records
    if records.state == "absent":
        return Step(8, "records", "withheld", "record_withheld", "all")
    if records.state == "bad" or records.document is None:
        return _step(8, "records", [Failure(records.code, records.name, records.detail)])
    failures, hidden = record_failures(view.signed, records)
    if failures:
        return _step(8, "records", failures)
    if hidden:
        return Step(8, "records", "withheld", "record_withheld", ", ".join(hidden))
    return Step(8, "records", "passed")


def geometry_agrees(view: ContentView) -> Step:
    """Step 9 (deep): the meshes in every delivered geometry file have their signed digests."""
    if view.geometry is None:
        return Step(9, "geometry", "not_applicable", "not_asked")
    failures: list[Failure] = []
    unread: list[Failure] = []
    by_file: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for (file, mesh), digest in view.signed.geometry.items():
        by_file[file][mesh] = digest
    for path, fact in view.geometry.items():
        signed = by_file[path]
        if fact.value is None:
            (unread if fact.ours else failures).append(Failure(fact.code, path, fact.detail))
            continue
        changed = sorted(mesh for mesh in signed.keys() | fact.value.keys() if signed.get(mesh) != fact.value.get(mesh))
        failures += [Failure("geometry_changed", path, mesh) for mesh in changed]
    if not failures and unread:
        return _step(9, "geometry", unread, outcome="unknown", word="unknown")
    return _step(9, "geometry", failures + unread)


def label_agrees(view: ContentView) -> Step:
    """Step 10: a label that the source type demands is signed; deep: each file holds just that label."""
    signed = view.signed
    if signed.source_type not in SOURCE_TYPES:
        return _step(10, "label", [Failure("credential_source_type_unknown", "", signed.source_type)])
    if SOURCE_TYPES[signed.source_type] is not None and signed.label is None:
        return _step(10, "label", [Failure("label_missing", "", signed.source_type)])
    if view.labels is None:
        return Step(10, "label", "passed" if signed.label is not None else "not_applicable")
    failures: list[Failure] = []
    unread: list[Failure] = []
    for path, fact in view.labels.items():
        failure = _label_failure(path, fact, expected=signed.label)
        if failure is not None:
            (unread if fact.ours else failures).append(failure)
    if not failures and unread:
        return _step(10, "label", unread, outcome="unknown", word="unknown")
    return _step(10, "label", failures + unread)


def _label_failure(path: str, fact: DeepFact, *, expected: Mapping[str, str] | None) -> Failure | None:
    if fact.code:
        return Failure(fact.code, path, fact.detail)
    if fact.value is None:
        return None if expected is None else Failure("label_missing", path)
    if expected is None or dict(fact.value) != dict(expected):
        return Failure("label_differs", path)
    return None


def log_proof_stands(view: ContentView) -> Step:
    """Step 11: where the credential signs that a log proof is due, one stands beside it.

    Checking a proof against a log's checkpoint is not done here yet, so a proof
    that is due and present leaves the outcome unknown rather than passed.
    """
    return _attachment(view, 11, "log_proof", due=view.signed.log_due, state=view.log_proof)


def timestamp_stands(view: ContentView) -> Step:
    """Step 12: the same for the RFC 3161 timestamp."""
    return _attachment(view, 12, "timestamp", due=view.signed.timestamp_due, state=view.timestamp)


def _attachment(view: ContentView, number: int, name: str, *, due: bool, state: AttachmentState) -> Step:
    ending = ".tlog-proof" if name == "log_proof" else ".tsr"
    file = f"{view.signed.name}_mts.json{ending}"
    if state == "bad":
        return _step(number, name, [Failure("attachment_invalid", file)])
    if not due:
        # Nothing is said by its being there; that it was not looked into is reported.
        return Step(number, name, "not_applicable", f"{name}_unchecked" if state == "present" else "", file)
    if state == "absent":
        return _step(number, name, [Failure(f"{name}_missing", file)])
    return _step(number, name, [Failure(f"{name}_unchecked", file)], outcome="unknown", word="unknown")


def _asked(view: ContentView) -> tuple[ListedFile, ...]:
    if view.only is None:
        return view.signed.files
    return tuple(item for item in view.signed.files if item.path == view.only)


def _step(
    number: int,
    name: str,
    failures: Sequence[Failure],
    *,
    outcome: Outcome = "failed",
    word: Status = "modified",
) -> Step:
    """Return a step that passed without failures, else one that carries them."""
    if not failures:
        return Step(number, name, "passed")
    shown = tuple(failures[:_MOST_LISTED])
    if len(failures) > _MOST_LISTED:
        shown += (Failure("more_failures", "", str(len(failures) - _MOST_LISTED)),)
    return Step(number, name, outcome, failures[0].code, failures[0].detail, word, shown)
