"""The proof of one entry, as a file that anybody checks without us (docs/record.md says how)."""

from __future__ import annotations

from typing import Any

from audit import merkle, tree
from audit.models import Checkpoint, Entry

#: Version of the file's shape.
FORMAT = 1


def of_entry(entry: Entry) -> dict[str, Any]:
    """Payload, place, path and the newest checkpoint. Raises merkle.NoProof where none covers the entry yet."""
    newest = Checkpoint.objects.order_by("-size").first()
    if newest is None:
        raise merkle.NoProof("there is no checkpoint yet")
    proof = tree.inclusion(entry.pk, newest.size)
    return {
        "format": FORMAT,
        "prev_hash": entry.prev_hash,
        "payload": entry.octets.decode(),
        "leaf_index": proof.index,
        "tree_size": proof.size,
        "inclusion": [step.hex() for step in proof.path],
        "checkpoint": newest.note,
    }
