"""The record: what did happen."""
