"""A station: one home, its key, and the clock everything is dated by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from arp_core import clock as clocks
from arp_core import keys
from arp_core.clock import Clock
from arp_core.home import Home
from arp_core.trust import TrustEntry, TrustList

#: A pin begins a little earlier than the moment it is written, so that a second
#: of rounding between two processes cannot make a station distrust itself.
_PIN_MARGIN = timedelta(minutes=5)


@dataclass(frozen=True)
class Station:
    """What is needed to seal: where, with which key, at what time."""

    home: Home
    key: keys.StationKey
    clock: Clock

    @classmethod
    def open(cls, home: Home, *, clock: Clock = clocks.system_clock, passphrase: str | None = None) -> Station:
        """Return the station of ``home``, making home, key and trust list on first use.

        Raises:
            InputError: the key is locked or damaged, or the trust list is.
            StorageError: the home cannot be written.
        """
        home.create()
        key = keys.load_or_create(home, passphrase=passphrase)
        trusted = TrustList.load(home)
        if not trusted.entries and not home.trust_json.exists():
            own = TrustEntry(
                did=key.did,
                roles=("station", "filing_authority"),
                valid_from=clock() - _PIN_MARGIN,
                note="this station",
            )
            TrustList((own,)).save(home)
        return cls(home=home, key=key, clock=clock)

    @property
    def producer(self) -> str:
        """A short ASCII code of this station for labels: never a person's name."""
        return "arp-station-" + self.key.did.removeprefix("did:key:z6Mk")[:12]

    def trust(self) -> TrustList:
        """Return the trust list as it stands now."""
        return TrustList.load(self.home)
