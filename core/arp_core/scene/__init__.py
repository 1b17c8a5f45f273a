"""A sealed asset in a DCC's scene: one session, one vocabulary, whichever host draws it.

A host implements :class:`~arp_core.scene.host.Host`, owns one
:class:`~arp_core.scene.session.Session`, and calls its ``pump`` from a timer.
Everything a person reads comes from :mod:`arp_core.scene.presenter`.
"""
