"""``python -m arp_bridge`` is ``arpctl``."""

import sys

from arp_bridge.cli import main

if __name__ == "__main__":
    sys.exit(main())
