"""Identity: what enters gets an identifier, four readable records, and rights."""
