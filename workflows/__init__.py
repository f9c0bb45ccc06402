"""The law: what may happen."""
