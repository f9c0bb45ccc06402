"""A case, a list, a balance as it stood at a moment: told by the record alone (decision 39)."""
