"""The ledger: SQLAlchemy Core over SQLite, the authority on everything the bridge did.

Functions take a connection of :meth:`Ledger.write` or :meth:`Ledger.read`, so
that a caller decides what belongs into one transaction.
"""

from arp_bridge.ledger.connection import HEAD, Ledger
from arp_bridge.ledger.tables import DEFAULT_PROJECT, METADATA

__all__ = ["DEFAULT_PROJECT", "HEAD", "METADATA", "Ledger"]
