"""The audit, at the moment of generation: four checkpoints at every node."""
