"""A policy value together with the article and the source that give it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictStr

T = TypeVar("T")

#: The source of a number that no law and no county document gives.
ENGINE_DEFAULT = "Fundtrail default, to be set by the county"

Text = Annotated[StrictStr, Field(min_length=1)]
Path = tuple[str | int, ...]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Cited(Frozen, Generic[T]):
    """A policy value and where it comes from.

    `article` is empty only where `source` is `ENGINE_DEFAULT`. `inherited` is set by the loader
    when the county's book does not give the value and the default book does.
    """

    value: T
    article: StrictStr = ""
    source: Text
    link: Text | None = None
    inherited: bool = False

    @property
    def citation(self) -> str:
        """Source and article in one line, for a refusal or a footnote."""
        return f"{self.source} {self.article}".rstrip()

    @property
    def is_engine_default(self) -> bool:
        return self.source == ENGINE_DEFAULT


def cited_leaves(node: object, *, path: Path = ()) -> Iterator[tuple[Path, Cited[object]]]:
    """Every cited value below `node`, with its path, in the order of the schema."""
    if isinstance(node, Cited):
        yield path, node
    elif isinstance(node, BaseModel):
        for key in type(node).model_fields:
            yield from cited_leaves(getattr(node, key), path=(*path, key))
    elif isinstance(node, dict):
        for key, child in node.items():
            yield from cited_leaves(child, path=(*path, key))
    elif isinstance(node, tuple):
        for index, child in enumerate(node):
            yield from cited_leaves(child, path=(*path, index))
