"""``arpctl job``: list, show and cancel jobs; without a running bridge, the ledger answers."""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
from typing import Any

from arp_bridge.cli import joining, language
from arp_core import messages
from arp_core.errors import BridgeError, InputError
from arp_core.home import Home


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its three actions to ``subparsers``."""
    actions = subparsers.add_parser("job").add_subparsers(dest="action", required=True)
    listing = actions.add_parser("list", help="the last jobs, newest first")
    listing.add_argument("--limit", type=int, default=50, metavar="N", help="at most this many; 50 by default")
    showing = actions.add_parser("show", help="one job with its steps")
    cancelling = actions.add_parser("cancel", help="stop a job; nothing of it is left")
    for parser in (showing, cancelling):
        parser.add_argument("job", metavar="JOB", help="job_… as job list prints it")
    for parser in (listing, showing, cancelling):
        parser.add_argument("--json", action="store_true", help="print the answer for machines")
        joining.add_options(parser)
        language.add_option(parser)


def run(args: argparse.Namespace) -> int:
    """Run the action and return its exit code."""
    home = Home.default()
    client = joining.named(args, home=home)
    if args.action == "list":
        limit = max(args.limit, 0)
        _list(list(itertools.islice(client.jobs(), limit)) if client else _listed(home, limit=limit), args=args)
        return 0
    if args.action == "cancel":
        if client is None:
            raise BridgeError("bridge_none_running")
        _show(client.cancel(args.job), args=args)
    else:
        _show(client.job(args.job) if client else _looked_up(args.job, home=home, language=args.lang), args=args)
    return 0


def _listed(home: Home, *, limit: int) -> list[dict[str, Any]]:
    """Return the newest jobs of a home for which no bridge runs; a home without a ledger has none."""
    from arp_bridge import job_answers
    from arp_bridge.ledger import Ledger, jobs

    if not home.ledger.exists():
        return []
    with contextlib.closing(Ledger.look(home.ledger)) as ledger, ledger.read() as connection:
        rows, _following = jobs.page(connection, before=None, limit=limit) if limit else ((), None)
    return [job_answers.summary(row).model_dump() for row in rows]


def _looked_up(job_id: str, *, home: Home, language: str) -> dict[str, Any]:
    """Return one job of a home for which no bridge runs.

    Raises:
        InputError: ``job_unknown``.
    """
    from arp_bridge import job_answers
    from arp_bridge.ledger import Ledger, jobs

    if home.ledger.exists():
        with contextlib.closing(Ledger.look(home.ledger)) as ledger, ledger.read() as connection:
            row = jobs.get(connection, job_id)
            if row is not None:
                return job_answers.answer(row, connection=connection, language=language).model_dump()
    raise InputError("job_unknown", job=job_id[:80])


def _show(job: dict[str, Any], *, args: argparse.Namespace) -> None:
    if args.json:
        print(json.dumps(job, ensure_ascii=False, indent=2))
        return
    print(_line(job, args=args))
    if job["message"]:
        print(job["message"])
    if args.action == "show":
        for node in job["nodes"]:
            print(f"  {node['id']:<12}{node['capability']:<24}{node['state']}")


def _list(jobs: list[dict[str, Any]], *, args: argparse.Namespace) -> None:
    if args.json:
        print(json.dumps(jobs, ensure_ascii=False, indent=2))
        return
    if not jobs:
        print(messages.text("job_none", language=args.lang))
    for job in jobs:
        print(_line(job, args=args))


def _line(job: dict[str, object], *, args: argparse.Namespace) -> str:
    return messages.text(
        "job_line",
        language=args.lang,
        job=job["job_id"],
        state=job["state"],
        name=job["name"],
        created=job["created_at"],
        code=job["code"] or "",
    ).rstrip()
