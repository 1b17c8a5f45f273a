"""``arpctl image-to-3d``: a picture goes in, a sealed package comes out."""

from __future__ import annotations

import argparse
import contextlib
import json
import secrets
import sys
import time
import unicodedata
from pathlib import Path
from typing import Any

from arp_bridge.cli import INTERRUPTED, joining, language, origin
from arp_bridge.cli.progress import ProgressLine
from arp_bridge.recipe_files import load_recipe
from arp_core import clock, messages, statuslist
from arp_core.canonical import read_json
from arp_core.client import BridgeClient, failure_of
from arp_core.credential.document import RECORDS_ENDING, SIDECAR_ENDING
from arp_core.credential.status import import_list
from arp_core.errors import ArpError, InputError, StorageError, UsageError
from arp_core.home import Home
from arp_core.identify.asset import media_type
from arp_core.orchestrate import parameters
from arp_core.paths import StagedFolder, check_stem, stem_of
from arp_core.trust import TrustList
from arp_core.verify import first_unlisted

#: Larger pictures are refused before they are sent; the intake's own limits are narrower.
PICTURE_LIMIT = 256 << 20

_RECIPE = "image-to-3d"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to ``subparsers``."""
    parser = subparsers.add_parser("image-to-3d")
    parser.add_argument("image", type=Path, metavar="IMAGE", help="a PNG, JPEG, WebP, TIFF or BMP picture")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the package goes")
    parser.add_argument("--height", metavar="METRES", default="", help="real height of the object, 0.001 to 1000")
    parser.add_argument("--seed", default="0", metavar="N", help="0 (the default) to 2^53 - 1; recorded and signed")
    origin.add_option(parser)
    parser.add_argument("--name", default=None, help="stem of the files; by default the picture's")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    joining.add_options(parser)
    language.add_option(parser)


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit code; Ctrl-C cancels what it began."""
    try:
        return _make(args)
    except KeyboardInterrupt:
        print(messages.text("job_cancelled", language=args.lang), file=sys.stderr)
        return INTERRUPTED


def _make(args: argparse.Namespace) -> int:
    began = time.monotonic()
    home = Home.default()
    name = _stem(args)
    picture_name = args.image.name.encode("utf-8", "replace").decode("utf-8")
    height = _height(args.height)
    seed = _seed(args.seed)
    _check_picture(args.image)
    home.create()
    _check_target(args.out, name=name, home=home)
    first_use = not home.trust_json.exists()
    source = origin.answered(args, home=home)
    with joining.joined(args, home=home) as client:
        if first_use and not args.bridge:
            _say_protection(home, args=args)
        sha256 = client.upload(args.image)
        client.register_object(sha256, name=picture_name, origin=source, media_type=media_type(picture_name))
        request: dict[str, Any] = {
            "recipe": _RECIPE,
            "inputs": {"image": sha256},
            "names": {"image": picture_name},
            "name": name,
            "parameters": {} if height is None else {"height": height},
            "seed": str(seed),
            "origin": source,
        }
        job = _watched(client, _submitted(client, request), args=args)
        paths = client.download_all(job["job_id"], args.out)
        _take_status_lists(client, sidecar=paths[-1], home=home, args=args)
    _report(paths, job=job, home=home, args=args, seconds=time.monotonic() - began)
    return 0


def _stem(args: argparse.Namespace) -> str:
    """Return what the files are called: exactly the asked name, or what the picture's name allows, which is said.

    Raises:
        InputError: ``name_unsafe`` for an asked name that some system would change or hide.
    """
    if args.name is not None:
        return check_stem(unicodedata.normalize("NFC", args.name))
    own = unicodedata.normalize("NFC", args.image.stem)
    stem = stem_of(own)
    if stem != own:
        print(messages.text("image_renamed", language=args.lang, name=stem), file=sys.stderr)
    return stem


def _height(text: str) -> float | None:
    """Return the height, held against the bounds of the recipe; None leaves it to the recipe.

    Raises:
        UsageError: ``height_invalid``.
    """
    if not text:
        return None
    declared = next(item for item in load_recipe(_RECIPE).parameters if item.name == "height")
    try:
        value = float(text)
        parameters.check(value, declared=declared)
    except (ValueError, InputError) as error:
        facts = {"minimum": f"{declared.minimum:g}", "maximum": f"{declared.maximum:g}"}
        raise UsageError("height_invalid", value=text[:40], **facts) from error
    return value


def _seed(text: str) -> int:
    try:
        return parameters.check_seed(text)
    except InputError as error:
        raise UsageError(error.code, **error.facts) from error


def _check_picture(path: Path) -> None:
    """Refuse what cannot be a picture before anything is started for it."""
    try:
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise UsageError("path_absent", path=path) from error
    except (OSError, ValueError) as error:
        raise UsageError("path_unreadable", path=path, reason=str(error)) from error
    if not path.is_file():
        raise UsageError("path_unreadable", path=path, reason="not a file")
    if size > PICTURE_LIMIT:
        raise InputError("picture_too_large", name=path.name, size=size, limit=PICTURE_LIMIT)


def _check_target(out: Path, *, name: str, home: Home) -> None:
    """Find out before the work, not after it, that the result cannot stand there; leave no empty folder.

    Raises:
        StorageError: The folder cannot be written, ``file_in_the_way``, or
            ``out_folder_occupied``: the package would fail by what it stands among.
    """
    was_there = out.exists()
    paths = [delivery.path.format(name=name) for delivery in load_recipe(_RECIPE).deliveries]
    try:
        with StagedFolder(out):
            for path in (*paths, name + SIDECAR_ENDING, name + RECORDS_ENDING):
                target = out / path
                if target.exists() or target.is_symlink():
                    raise StorageError("file_in_the_way", path=target)
        stranger = first_unlisted(out, home=home)
        if stranger is not None:
            raise StorageError("out_folder_occupied", path=out, file=stranger)
    finally:
        if not was_there:
            with contextlib.suppress(OSError):  # it could not be made
                out.rmdir()


def _say_protection(home: Home, *, args: argparse.Namespace) -> None:
    if (home.keys / "station.pass").exists():
        print(messages.text("key_by_permissions", language=args.lang), file=sys.stderr)


def _submitted(client: BridgeClient, request: dict[str, Any]) -> str:
    """Submit the job and return its ID; Ctrl-C leaves no job behind that nobody watches.

    Raises:
        KeyboardInterrupt: The job, if there was one, is cancelled.
    """
    client.capabilities()  # answered once they are filed: an interruption of this long wait leaves no job at all
    key = secrets.token_hex(16)
    try:
        return client.submit(request, key=key)
    except KeyboardInterrupt:
        client.cancel(client.submit(request, key=key))  # with the same key this is the same job
        raise


def _watched(client: BridgeClient, job_id: str, *, args: argparse.Namespace) -> dict[str, Any]:
    """Return the finished job; Ctrl-C cancels it and waits for its end.

    Raises:
        ArpError: What made the job fail.
        KeyboardInterrupt: The job was cancelled, here or elsewhere.
    """
    progress = ProgressLine(language=args.lang)
    try:
        for event in client.events(job_id):
            progress.show(event)
    except KeyboardInterrupt:
        progress.close()
        client.cancel(job_id)
        for _event in client.events(job_id):
            pass  # until the last one: while its worker is being ended it still counts as running
    finally:
        progress.close()
    job = client.job(job_id)
    if job["state"] == "cancelled":
        raise KeyboardInterrupt
    if job["state"] not in ("succeeded", "degraded"):
        raise failure_of(job)
    return job


def _take_status_lists(client: BridgeClient, *, sidecar: Path, home: Home, args: argparse.Namespace) -> None:
    """Keep the status lists of another station that signed here, so that accepting it is all that is left to do.

    A list says nothing about trust, and counts only by its issuer's signature.
    What goes wrong is said and no more: the package is here and whole.
    """
    issuer = str(read_json(sidecar.read_bytes(), name=sidecar.name)["issuer"])
    if statuslist.own_path(home, statuslist.list_id(issuer, purpose="revocation")).is_file():
        return
    try:
        for document in client.status_lists():
            if document.get("issuer") == issuer:
                import_list(home, document)
    except ArpError as error:
        print(error.sentence(language=args.lang), file=sys.stderr)


def _report(
    paths: tuple[Path, ...], *, job: dict[str, Any], home: Home, args: argparse.Namespace, seconds: float
) -> None:
    sidecar = paths[-1]
    document = read_json(sidecar.read_bytes(), name=sidecar.name)
    subject = document["credentialSubject"]
    issuer = document["issuer"]
    trusted = TrustList.load(home).find(issuer, role="station", at=clock.system_clock()) is not None
    if args.json:
        result = {
            "job": job["job_id"],
            "state": job["state"],
            "credential": job["credential_id"],
            "credentialState": job["credential_state"],
            "object": subject["objectId"],
            "version": subject["version"]["number"],
            "issuer": issuer,
            "trusted": trusted,
            "sidecar": str(sidecar),
            "files": [str(path) for path in paths],
            "seconds": round(seconds, 2),
        }
        print(json.dumps(result, ensure_ascii=False, indent=2))
    else:
        version = f"{subject['version']['number']:03d}"
        sentence = messages.text(
            "image_sealed",
            language=args.lang,
            name=document["name"],
            version=version,
            seconds=round(seconds, 1),
            sidecar=sidecar,
        )
        print(sentence)
    if not trusted:
        print(messages.text("signed_elsewhere", language=args.lang, did=issuer), file=sys.stderr)
