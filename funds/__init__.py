"""The money: what it moved."""
