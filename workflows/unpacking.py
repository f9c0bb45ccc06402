"""How far an upload unpacks, found out in small pieces before any parser holds it whole: bombs are refused here.

A few kilobytes of deflate can stand for gigabytes. Opening a PDF unpacks its object streams at once, so that asking
the parser whether the file is sound would be what the bomb waits for.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator

#: A picture of 60 million pixels in three colours, and not much more.
STREAM_MAX_BYTES = 200 * 1024 * 1024
#: What lists objects is text: a paper of thousands of pages needs less.
OBJECTS_MAX_BYTES = 32 * 1024 * 1024
#: All streams of a file together, as a thick scan without compression of its pictures has them.
FILE_MAX_BYTES = 800 * 1024 * 1024
PIECE_BYTES = 1024 * 1024
STREAM = re.compile(rb"(?<!end)stream\r?\n")
#: How long the dictionary before a stream may be.
HEAD_MAX_BYTES = 64 * 1024
#: What a stream that lists objects says of itself: such streams are unpacked as the file is opened.
LISTS = re.compile(rb"/(?:ObjStm|XRef|First)\b")
FILTER = re.compile(rb"/Filter\s*(\[[^\]]*\]|/\w+|\S+)")
PLAIN = ([b"/FlateDecode"], [b"/Fl"])
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def pdf_is_bounded(content: bytes) -> bool:
    """Whether no deflated stream of a PDF unpacks to more than a paper can need.

    Refused are also streams packed twice and lists of objects packed otherwise than by deflate: no office program
    writes them, and their size cannot be told without unpacking them whole.
    """
    total = 0
    for start in STREAM.finditer(content):
        before = content[max(0, start.start() - HEAD_MAX_BYTES) : start.start()]
        _earlier, found, head = before.rpartition(b"obj")
        facts = ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), head)
        named = FILTER.search(facts)
        filters = re.findall(rb"/\w+", named[1]) if named else []
        lists = LISTS.search(facts) is not None
        deflated = [name for name in filters if [name] in PLAIN]
        if not found or (named and not filters) or len(deflated) > 1 or (lists and filters not in ([], *PLAIN)):
            return False
        # What is deflated and then written in letters is a page, unpacked by nobody here.
        if filters not in PLAIN:
            continue
        size, most = 0, OBJECTS_MAX_BYTES if lists else STREAM_MAX_BYTES
        for piece in _inflated(memoryview(content)[start.end() :]):
            size += piece
            if size > most or total + size > FILE_MAX_BYTES:
                return False
        total += size
    return True


def _inflated(packed: memoryview) -> Iterator[int]:
    """Sizes of the pieces to which a deflated stream unpacks; where it is damaged, up to there."""
    stream = zlib.decompressobj()
    left: bytes = b""
    at = 0
    while not stream.eof and (left or at < len(packed)):
        if not left:
            left, at = bytes(packed[at : at + PIECE_BYTES]), at + PIECE_BYTES
        try:
            piece = stream.decompress(left, PIECE_BYTES)
        except zlib.error:
            return
        left = stream.unconsumed_tail
        yield len(piece)


def zip_is_bounded(folder: zipfile.ZipFile, *, most: int) -> bool:
    """Whether the parts of an archive unpack to ``most`` bytes in all, and each to what the directory says.

    Raises:
        zipfile.BadZipFile, zlib.error, EOFError, RuntimeError: a part is damaged, under a password, or longer
            than the directory says.
        NotImplementedError: it is packed as no office program packs.
    """
    parts = folder.infolist()
    if sum(part.file_size for part in parts) > most:
        return False
    for part in parts:
        with folder.open(part) as unpacked:
            while unpacked.read(PIECE_BYTES):
                pass
    return True
