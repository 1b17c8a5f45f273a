"""``arpctl job``: list, show and cancel the jobs of a running bridge."""

from __future__ import annotations

import argparse
import itertools
import json

from arp_bridge.cli import joining, language
from arp_core import messages
from arp_core.client import BridgeClient
from arp_core.errors import BridgeError
from arp_core.home import Home


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its three actions to ``subparsers``."""
    actions = subparsers.add_parser("job").add_subparsers(dest="action", required=True)
    listing = actions.add_parser("list")
    listing.add_argument("--limit", type=int, default=50)
    showing = actions.add_parser("show")
    cancelling = actions.add_parser("cancel")
    for parser in (showing, cancelling):
        parser.add_argument("job", metavar="JOB")
    for parser in (listing, showing, cancelling):
        parser.add_argument("--json", action="store_true")
        joining.add_options(parser)
        language.add_option(parser)


def run(args: argparse.Namespace) -> int:
    """Run the action and return its exit code."""
    client = joining.named(args, home=Home.default())
    if client is None:
        raise BridgeError("bridge_none_running")
    if args.action == "list":
        _list(client, args=args)
        return 0
    job = client.job(args.job) if args.action == "show" else client.cancel(args.job)
    if args.json:
        print(json.dumps(job, ensure_ascii=False, indent=2))
        return 0
    print(_line(job, args=args))
    if job["message"]:
        print(job["message"])
    if args.action == "show":
        for node in job["nodes"]:
            print(f"  {node['id']:<12}{node['capability']:<24}{node['state']}")
    return 0


def _list(client: BridgeClient, *, args: argparse.Namespace) -> None:
    jobs = list(itertools.islice(client.jobs(), max(args.limit, 0)))
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
