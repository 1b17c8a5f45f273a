"""Credentialing: the signed document that leaves with an asset, and its records."""
