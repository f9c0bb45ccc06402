"""What is made of public things and is dear to make: pictures for the phone, sign-boards. Made once, kept, may be lost.

They lie beside the uploads under the digest of what they were made of; whoever clears the folder loses only time.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageOps

from workflows.files import path_of

FOLDER = "public"
#: Wide enough for any phone and the village's screen, small enough for its network.
SIDE_PX, QUALITY = 1280, 80


def once(name: str, make: Callable[[], bytes]) -> bytes:
    """The bytes under a name, made if nobody has yet."""
    path = Path(settings.MEDIA_ROOT) / FOLDER / name
    if path.exists():
        return path.read_bytes()
    content = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
        part.write(content)
    os.replace(part.name, path)
    return content


def picture(sha256: str) -> bytes:
    """An uploaded photo as everybody may see it: smaller, upright, and without where and with what it was taken.

    Raises:
        FileNotFoundError: the upload is not in the store.
    """
    return once(f"{sha256}.jpg", lambda: _redrawn(path_of(sha256)))


def _redrawn(path: Path) -> bytes:
    with Image.open(path) as photo:
        photo.draft("RGB", (2 * SIDE_PX, 2 * SIDE_PX))
        upright = ImageOps.exif_transpose(photo).convert("RGB")
    upright.thumbnail((SIDE_PX, SIDE_PX))
    drawn = Image.new("RGB", upright.size)
    # Pixels alone: the photo's own notes (EXIF, comments, profiles) hold places and names.
    drawn.paste(upright)
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def digest(*parts: str) -> str:
    """A name for what is made of the parts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
