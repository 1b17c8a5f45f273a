"""Capabilities, recipes and job graphs: what is to be done, before anything runs."""
