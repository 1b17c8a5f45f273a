"""Asset Routing Pipeline core: identity, audit and credentials for generative assets.

The data goes one way, and the folders are named for it::

    identify  ->  orchestrate  ->  audit  ->  credential        (making)
    verify                                                      (reading, on its own)

Importing this package loads nothing beyond the standard library, so that a
DCC's start-up pays nothing for it; numpy, requests, pxr and c2pa are imported
where they are used.
"""

__version__ = "0.1.0"
