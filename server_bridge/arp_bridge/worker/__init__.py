"""The worker: a killable process that runs one job's nodes and nothing else.

It gets digests and JSON parameters, finds and leaves files in the blob store,
and answers in JSON lines. It holds no token, no key and no network address.
It is a plain subprocess in its own process group: the environment record says
isolation ``none``, because nothing stronger is in place yet.
"""
