"""``arpctl reproduce``: run a recorded job again, in any home, and compare node by node."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arp_bridge.cli import joining, language
from arp_bridge.cli.progress import ProgressLine
from arp_bridge.comparison import Difference, differences, environment_differences
from arp_core import messages, proof
from arp_core.blobs import BlobStore
from arp_core.canonical import read_json
from arp_core.client import BridgeClient, failure_of
from arp_core.credential.document import RECORDS_ENDING, SIDECAR_ENDING
from arp_core.digest import digest_bytes, digest_file
from arp_core.errors import ArpError, InputError, IntegrityError, UsageError
from arp_core.home import Home
from arp_core.identify.record import SaltedRecord
from arp_core.multiformats import sha256_from_multihash
from arp_core.orchestrate.graph import JobGraph

#: A records file holds one record a node; this is far above any real one.
_RECORDS_LIMIT = 16 << 20

#: What differs first, by the first word of its field -> the sentence that says so.
_SENTENCES = {"fingerprint": "reproduce_step_changed", "outputs": "reproduce_result_differs"}
_ELSE = "reproduce_run_differs"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to ``subparsers``."""
    parser = subparsers.add_parser("reproduce")
    parser.add_argument("sidecar", type=Path, metavar="SIDECAR", help="the package's NAME_mts.json")
    parser.add_argument("--input", type=Path, metavar="FILE", help="the original picture, where this home has it not")
    parser.add_argument("--json", action="store_true", help="print the comparison as JSON")
    joining.add_options(parser)
    language.add_option(parser)


def run(args: argparse.Namespace) -> int:
    """Run the command; 0 only if every compared field is equal."""
    home = Home.default()
    recorded = read_recorded(args.sidecar)
    inputs = _inputs(recorded.graph, given=args.input, home=home)
    with joining.joined(args, home=home) as client:
        now, failure = _run_again(client, recorded, inputs=inputs, args=args)
    found = tuple(differences(recorded.graph, recorded=recorded.nodes, now=now))
    if not found and failure is not None:
        raise failure  # it ended after the last node, or before the first: not a difference in the asset
    _report(recorded, found=found, failure=failure, args=args, environment=_environment(now, home=home))
    return 1 if found else 0


@dataclass(frozen=True)
class Recorded:
    """What was signed about a job: its graph, node records and environment."""

    name: str
    origin: str
    graph: JobGraph
    nodes: Mapping[str, Mapping[str, Any]]
    environment: Mapping[str, Any] | None


def read_recorded(sidecar: Path) -> Recorded:
    """Return the signed job behind a sidecar, each record held against its signed digest.

    Raises:
        UsageError: ``path_absent``, ``path_unreadable``, ``records_withheld``.
        InputError: A file is malformed, or ``not_from_a_job``.
        IntegrityError: ``records_mismatch``.
    """
    document = read_json(_bytes(sidecar), name=sidecar.name, canonical=True)
    if not proof.check_proof(document):
        raise IntegrityError("records_mismatch", name=sidecar.name, part="proof")
    stem = sidecar.name.removesuffix(SIDECAR_ENDING)
    beside = sidecar.with_name(stem + RECORDS_ENDING)
    if not beside.exists():
        raise UsageError("records_withheld", name=sidecar.name)
    records = read_json(_bytes(beside), name=beside.name, canonical=True, limit=_RECORDS_LIMIT)
    try:
        subject, shown = document["credentialSubject"], records["records"]
        if "jobId" not in subject:
            raise InputError("not_from_a_job", name=sidecar.name)
        if "capability" not in shown or not subject["nodes"].keys() <= shown.get("nodes", {}).keys():
            raise UsageError("records_withheld", name=sidecar.name)
        capability = _held(shown["capability"], subject["mts"]["capability"], name=sidecar.name, part="capability")
        nodes = {
            node: _held(shown["nodes"][node], digest, name=sidecar.name, part=node)
            for node, digest in subject["nodes"].items()
        }
        environment = (
            _held(shown["environment"], subject["mts"]["environment"], name=sidecar.name, part="environment")
            if "environment" in shown
            else None
        )
        graph = JobGraph.from_json(capability["graph"])
        return Recorded(stem, str(subject["origin"]), graph, nodes, environment)
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError("graph_malformed", reason=str(error)) from error


def _held(shown: Mapping[str, Any], digest: str, *, name: str, part: str) -> Mapping[str, Any]:
    """Return a record whose salted digest is the signed one."""
    salted = SaltedRecord(salt=shown["salt"], record=shown["record"])
    if salted.digest != digest:
        raise IntegrityError("records_mismatch", name=name, part=part)
    return salted.record


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UsageError("path_absent", path=path) from error
    except OSError as error:
        raise UsageError("path_unreadable", path=path, reason=error.strerror or str(error)) from error


def _inputs(graph: JobGraph, *, given: Path | None, home: Home) -> dict[str, Path]:
    """Return a file for every input of the job: the given one, else the home's blob.

    Raises:
        UsageError: ``path_absent``, ``input_not_found``.
        InputError: ``input_differs`` when the given file is not the recorded one.
    """
    blobs = BlobStore(home.blobs)
    found: dict[str, Path] = {}
    wanted = {item.sha256 for item in graph.inputs.values()}
    arrived = None if given is None else digest_file(given).hex
    if given is not None and arrived not in wanted:
        raise InputError("input_differs", name=given.name, arrived=arrived, expected=", ".join(sorted(wanted)))
    for port, item in graph.inputs.items():
        if given is not None and arrived == item.sha256:
            found[port] = given
        elif blobs.has(item.sha256):
            found[port] = blobs.path(item.sha256)
        else:
            raise UsageError("input_not_found", sha256=item.sha256)
    return found


def _run_again(
    client: BridgeClient, recorded: Recorded, *, inputs: Mapping[str, Path], args: argparse.Namespace
) -> tuple[dict[str, Mapping[str, Any]], ArpError | None]:
    """Return the node records of a second run, and the error that ended it, if one did."""
    graph = recorded.graph
    job_id = client.submit(
        {
            "recipe": graph.recipe_id,
            "inputs": {port: client.upload(path) for port, path in inputs.items()},
            "names": {port: path.name for port, path in inputs.items() if path == args.input},
            "name": graph.name,
            "seed": str(graph.seed),
            "origin": recorded.origin,
            "graph": graph.to_json(),
            "seal": False,
        }
    )
    progress = ProgressLine(language=args.lang)
    try:
        for event in client.events(job_id):
            progress.show(event)
    except KeyboardInterrupt:
        progress.close()
        client.cancel(job_id)
        print(messages.text("job_cancelled", language=args.lang), file=sys.stderr)
        raise
    finally:
        progress.close()
    job = client.job(job_id)
    records = {node["id"]: node["record"] for node in job["nodes"] if node["record"] is not None}
    return records, None if job["state"] in ("succeeded", "degraded") else failure_of(job)


def _environment(now: Mapping[str, Mapping[str, Any]], *, home: Home) -> Mapping[str, Any] | None:
    """Return the environment of the second run, where it ran in this home."""
    blobs = BlobStore(home.blobs)
    for record in now.values():
        path = blobs.path(sha256_from_multihash(record["environment"]).hex())
        if path.is_file() and digest_bytes(path.read_bytes()).multibase == record["environment"]:
            return read_json(path.read_bytes(), name="environment")
    return None


def _report(
    recorded: Recorded,
    *,
    found: tuple[Difference, ...],
    failure: ArpError | None,
    args: argparse.Namespace,
    environment: Mapping[str, Any] | None,
) -> None:
    before = recorded.environment
    changed = environment_differences(before, environment) if before and environment else ()
    if args.json:
        result = {
            "reproduced": not found,
            "nodes": len(recorded.graph.nodes),
            "differences": [
                {"node": item.node, "field": item.field, "recorded": item.recorded, "now": item.now} for item in found
            ],
            "failure": None if failure is None else {"code": failure.code, "message": failure.sentence()},
            "environmentDiffers": list(changed),
        }
        print(json.dumps(result, ensure_ascii=False, indent=2))
    if not found:
        if not args.json:
            print(messages.text("reproduced", language=args.lang, count=len(recorded.graph.nodes)))
        return
    first = found[0]
    facts = {"node": first.node, "field": first.field, "recorded": first.recorded, "now": first.now}
    print(
        messages.text(_SENTENCES.get(first.field.partition(".")[0], _ELSE), facts, language=args.lang), file=sys.stderr
    )
    print(messages.text("reproduce_differs", facts, language=args.lang), file=sys.stderr)
    if failure is not None:
        print(failure.sentence(language=args.lang), file=sys.stderr)
    if changed:
        sentence = messages.text("reproduce_environment", language=args.lang, field=", ".join(changed))
        print(sentence, file=sys.stderr)
