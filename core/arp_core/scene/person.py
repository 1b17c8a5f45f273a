"""Who works at this station, as a pseudonym: who that is stays with the studio."""

from __future__ import annotations

from arp_core import typeid
from arp_core.errors import InputError
from arp_core.home import Home
from arp_core.paths import write_atomic

_FILE = "actor"


def actor_of(home: Home) -> str:
    """Return the identifier ``act_…`` of the person at this station, made on first use.

    Raises:
        InputError: ``path_unreadable`` or ``id_invalid`` when the kept one is damaged.
        StorageError: it cannot be written.
    """
    path = home.root / _FILE
    try:
        return typeid.check_id(path.read_text(encoding="ascii").strip(), prefix="act")
    except FileNotFoundError:
        actor = typeid.new_id("act")
        write_atomic(path, actor.encode("ascii"), mode=0o600)
        return actor
    except (OSError, ValueError) as error:
        raise InputError("path_unreadable", path=path, reason=type(error).__name__) from error
