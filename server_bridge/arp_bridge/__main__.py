"""``python -m arp_bridge``: the same as ``arpctl``."""

import sys

from arp_bridge.cli import main

sys.exit(main())
