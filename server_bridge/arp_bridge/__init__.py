"""The GPU bridge and the command line: everything that runs outside a DCC.

``cli`` is the command line ``arpctl``; ``app`` and ``routes`` the HTTP service;
``ledger`` its database; ``engine`` and ``worker`` run job graphs; and
``capabilities`` holds the built-in capability units.
"""
