"""Errors in a person's words: a picture's own file name, not the digest its blob goes by."""

from __future__ import annotations

import logging
from pathlib import PurePath

import sqlalchemy

from arp_bridge.ledger import Ledger, objects
from arp_bridge.ledger.jobs import JobRow
from arp_core.errors import ArpError

_LOG = logging.getLogger("arp.bridge")


def with_file_names(error: ArpError, *, job: JobRow, ledger: Ledger) -> ArpError:
    """Return the error with the file name of every input that its facts call by digest.

    A capability sees blobs only, whose names are their digests. The name is the
    one that the request gives the input, else the registered object's.
    """
    digests = {PurePath(value).name for value in error.facts.values() if isinstance(value, str) and value}
    names: dict[str, str] = {}
    for port, item in job.graph["inputs"].items():
        if item["sha256"] in digests:
            names[item["sha256"]] = job.request["names"].get(port) or _registered(job, item["sha256"], ledger=ledger)
    if not names:
        return error
    facts = {
        fact: names.get(PurePath(value).name, value) if isinstance(value, str) and value else value
        for fact, value in error.facts.items()
    }
    return type(error)(error.code, **facts)


def _registered(job: JobRow, sha256: str, *, ledger: Ledger) -> str:
    try:
        with ledger.read() as connection:
            row = objects.by_digest(connection, sha256, origin=job.request["origin"])
    except sqlalchemy.exc.DatabaseError as error:
        # The job failed for a reason of its own, which must not be lost over its wording.
        _LOG.warning("the name of %s could not be read: %s", sha256, error)
        return sha256
    return sha256 if row is None else row.name
