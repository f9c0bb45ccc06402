#!/usr/bin/env python3
"""核验本卷宗，无需联网，无需安装任何软件。 Checks this dossier offline, with nothing installed.

    python3 verify.py [FOLDER] [--key KEY]

Any Python from 3.6 on. FOLDER is the unpacked dossier, else that in which this file lies; KEY is the county's key as
known from elsewhere, else verifier.txt is believed. Exits 1 where something is wrong. Who changed this very file
could make it say anything: check with the verify.py of another dossier, or compare its digest with the printed index.
"""

import argparse
import base64
import hashlib
import json
import os
import sys
import unicodedata
from typing import Any, Dict, Iterator, List, Optional, Set, Tuple

MANIFEST, KEY, CHECKPOINT, INDEX = "manifest.txt", "verifier.txt", "checkpoint.txt", "index.pdf"
PROOFS, LEDGER, RECORD = "proofs.txt", "ledger.json", "record/"
TITLE, GENESIS, CHUNK = "Fundtrail dossier 1", "0" * 64, 1 << 20
SPOILT = (ValueError, LookupError, TypeError, AttributeError, RecursionError, OSError)

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
Point = Tuple[int, int, int, int]
Key = Tuple[str, bytes, bytes]


def added(a: Point, b: Point) -> Point:
    """Sum of two points of Ed25519, in extended coordinates (RFC 8032, 5.1.4)."""
    s, t = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    u, v = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = t - s, v - u, v + u, t + s
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(scalar: int, point: Point) -> Point:
    """The point so many times."""
    total = (0, 1, 1, 0)
    for bit in bin(scalar)[:1:-1]:
        total = added(total, point) if bit == "1" else total
        point = added(point, point)
    return total


def decoded(octets: bytes) -> Optional[Point]:
    """The point written so, None where there is none (5.1.3)."""
    y = int.from_bytes(octets, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x * ROOT_OF_MINUS_ONE % P if (x * x - square) % P else x
    if y >= P or (x * x - square) % P or (not x and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


BASE = decoded((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature of the message is that of the key (5.1.7)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, point, s = decoded(public), decoded(signature[:32]), int.from_bytes(signature[32:], "little")
    if not key or not point or not BASE or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    a, b = times(s, BASE), added(point, times(k, key))
    return not ((a[0] * b[2] - b[0] * a[2]) % P or (a[1] * b[2] - b[1] * a[2]) % P)


def unbase64(text: str) -> bytes:
    """The bytes, written in the only way there is; ValueError for any other."""
    octets = base64.b64decode(text.encode("ascii"))
    if base64.b64encode(octets).decode() != text:
        raise ValueError("not canonical base64")
    return octets


def read_key(line: str) -> Key:
    """Name, id and public key of `name+id+base64`; ValueError where it is none."""
    name, number, encoded = line.split("+", 2)
    octets = unbase64(encoded)
    own = hashlib.sha256(name.encode() + b"\n" + octets).digest()[:4]
    if len(octets) != 33 or octets[:1] != b"\x01" or own.hex() != number:
        raise ValueError("not a verifier key")
    return name, own, octets[1:]


def opened(note: str, keys: List[Key]) -> str:
    """The text of a note (c2sp.org/signed-note), its one signature checked; ValueError where it does not hold."""
    text, _gap, line = note.rpartition("\n\n")
    _dash, name, encoded = line.rstrip("\n").split(" ")
    octets = unbase64(encoded)
    public = {key[:2]: key[2] for key in keys}.get((name, octets[:4]), b"")
    if line != "\u2014 %s %s\n" % (name, encoded) or not signed(public, (text + "\n").encode(), octets[4:]):
        raise ValueError("signature does not hold")
    return text


class Dossier:
    """One unpacked folder, and what was found wrong with it."""

    def __init__(self, folder: str, key: Optional[str]) -> None:
        self.folder, self.key_line, self.proven, self.digest = folder, key, 0, ""
        self.wrong: List[str] = []
        self.listed: Dict[str, str] = {}
        self.hashes: Dict[Tuple[int, int], str] = {}
        self.files: Set[str] = set()
        self.money: Set[str] = set()

    def fail(self, what: str, zh: str, en: str) -> None:
        """Note one thing that is wrong."""
        self.wrong.append("%s: %s / %s" % (what, zh, en))

    def text(self, name: str) -> str:
        """A text file of the folder as it is, line breaks untouched."""
        with open(os.path.join(self.folder, os.fsdecode(name.encode())), encoding="utf-8", newline="") as file:
            return file.read()

    def check(self) -> None:
        """Everything, one after the other; each part says by itself what it finds."""
        try:
            keys = [read_key(line) for line in self.text(KEY).splitlines()]
            key = read_key(self.key_line) if self.key_line else keys[0]
            self.listing(opened(self.text(MANIFEST), [key]))
        except SPOILT as error:
            self.fail(MANIFEST, "目录清单的签名不成立", "signature of the list of files does not hold (%s)" % error)
            return
        self.contents()
        for name in sorted(name for name in self.listed if name.startswith(RECORD)):
            self.part(name, self.entries)
        if CHECKPOINT in self.listed:
            self.part(PROOFS, lambda name: self.proofs(name, opened(self.text(CHECKPOINT), keys).split("\n")))
        self.papers()
        self.part(LEDGER, self.ledger)

    def part(self, name: str, check: Any) -> None:
        """One check of one file; where it cannot be read, the rest goes on."""
        try:
            check(name)
        except SPOILT as error:
            self.fail(name, "无法读取或不成立", "cannot be read or does not hold (%s)" % error)

    def listing(self, text: str) -> None:
        """What the manifest lists: digest and path, one a line."""
        title, _case, *lines = text.split("\n")
        for line in lines:
            digest, gap, path = line[:64], line[64:66], line[66:]
            if title != TITLE or gap != "  " or not path or ".." in path.split("/") or path in self.listed:
                raise ValueError("not a list of this format: " + line)
            self.listed[path] = digest
        before_index = [line for line in text.split("\n") if not line.endswith("  " + INDEX)]
        self.digest = hashlib.sha256(("\n".join(before_index) + "\n").encode()).hexdigest()

    def contents(self) -> None:
        """Every file has its digest; none is missing, none is there that is not listed."""
        there = dict(found(self.folder))
        there.pop(MANIFEST)
        for path, digest in self.listed.items():
            place = there.pop(unicodedata.normalize("NFC", path), None)
            if place is None:
                self.fail(path, "文件缺失", "file is missing")
            elif os.path.islink(place) or digest_of(place) != digest:
                self.fail(path, "文件被改动", "file was changed")
        for path in sorted(there):
            self.fail(path, "清单之外的文件", "file is not listed")

    def entries(self, name: str) -> None:
        """The chain of one case: each entry follows the one before and has its hash (docs/record.md)."""
        before, case = GENESIS, None
        lines = self.text(name).split("\n")
        if lines.pop() or not lines:
            raise ValueError("no line, or the last one does not end")
        for number, line in enumerate(lines, 1):
            own, prev, payload = line.split(" ", 2)
            facts = json.loads(payload)
            case = facts["case_id"] if case is None else case
            hashed = hashlib.sha256(bytes.fromhex(prev) + payload.encode()).hexdigest()
            said = (facts["case_id"], facts["seq"], facts["prev_hash"], prev)
            if own != hashed or said != (case, number, before, before):
                self.fail(
                    "%s #%d" % (name, number), "记录被改动或缺失", "entry was changed or one before it is missing"
                )
            before, self.hashes[case, number] = own, own
            self.files.update(file["sha256"] for file in facts["files"])
            self.money.update(moved(transfer) for transfer in facts["money"])

    def proofs(self, name: str, checkpoint: List[str]) -> None:
        """Each entry under the checkpoint stands in the tree that it signs (c2sp.org/tlog-checkpoint)."""
        tree = (int(checkpoint[1]), unbase64(checkpoint[2]))
        for line in self.text(name).splitlines():
            case, seq, index, *path = line.split(" ")
            own = self.hashes.get((int(case), int(seq)), "")
            if not own or not included(own, int(index), tree, [bytes.fromhex(step) for step in path]):
                self.fail("%s %s #%s" % (name, case, seq), "包含证明不成立", "inclusion proof does not hold")
            self.proven += 1

    def papers(self) -> None:
        """The files in the folders of the archive are those that the entries name: none more, none fewer."""
        kept = {digest: path for path, digest in self.listed.items() if path[:2].isdigit()}
        for digest in sorted(self.files ^ set(kept)):
            self.fail(kept.get(digest, digest), "记录与卷内文件不符", "named by no entry, or named and not here")

    def ledger(self, name: str) -> None:
        """Every transfer is one that an entry made; the balances are what the transfers add up to."""
        book = json.loads(self.text(name))
        sums: Dict[str, int] = {}
        for transfer in book["transfers"]:
            if transfer["entry"] == "own" and moved(transfer) not in self.money:
                self.fail("%s %s" % (name, transfer["key"]), "记录中没有此笔", "no entry made this transfer")
            self.money.discard(moved(transfer))
            for account, sign in ((transfer["debit"], -1), (transfer["credit"], 1)):
                sums[account] = sums.get(account, 0) + sign * transfer["fen"]
        for transfer in sorted(self.money):
            self.fail(name, "缺少一笔", "a transfer is missing: " + transfer)
        for account, fen in book["balances"].items():
            if sums.get(account, 0) != fen:
                self.fail("%s %s" % (name, account), "余额不符", "balance is not what the transfers say")


def included(own: str, index: int, tree: Tuple[int, bytes], path: List[bytes]) -> bool:
    """Whether the path leads from the entry's hash to the root (RFC 6962; RFC 9162, 2.1.3.2)."""
    here, last = index, tree[0] - 1
    found_root = hashlib.sha256(b"\x00" + bytes.fromhex(own)).digest()
    for other in path:
        if last == 0:
            return False
        left = here & 1 or here == last
        found_root = hashlib.sha256(b"\x01" + (other + found_root if left else found_root + other)).digest()
        while left and not here & 1 and here:
            here, last = here >> 1, last >> 1
        here, last = here >> 1, last >> 1
    return 0 <= index < tree[0] and last == 0 and found_root == tree[1]


def moved(transfer: Dict[str, Any]) -> str:
    """A transfer as the entries name it."""
    return json.dumps([transfer[name] for name in ("kind", "debit", "credit", "fen", "key")], ensure_ascii=False)


def digest_of(path: str) -> str:
    """SHA-256 of a file, read piece by piece."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for chunk in iter(lambda: file.read(CHUNK), b""):
            digest.update(chunk)
    return digest.hexdigest()


def found(folder: str) -> Iterator[Tuple[str, str]]:
    """Every file of the folder: its path in the list's spelling, and where it is."""
    for place, folders, names in os.walk(folder):
        for path in (os.path.join(place, name) for name in names + folders):
            if not os.path.isdir(path) or os.path.islink(path):
                # Python 3.6 takes names for ASCII where no language is set.
                name = os.fsencode(os.path.relpath(path, folder)).decode("utf-8", "replace")
                yield unicodedata.normalize("NFC", name.replace(os.sep, "/")), path


def say(text: str) -> None:
    """Print, whatever the console can show."""
    encoding = sys.stdout.encoding or "ascii"
    print(text.encode(encoding, "backslashreplace").decode(encoding))


def main() -> int:
    """Check and tell; 0 where everything holds, else 1."""
    parser = argparse.ArgumentParser(description="核验卷宗 / check a dossier")
    parser.add_argument("folder", nargs="?", default=os.path.dirname(os.path.abspath(__file__)))
    parser.add_argument("--key", help="county's verifier key, from elsewhere / 另行取得的县级公钥")
    given = parser.parse_args()
    dossier = Dossier(given.folder, given.key)
    dossier.check()
    for line in dossier.wrong:
        say(line)
    if dossier.wrong:
        say("%d 处不符。本卷宗不可信。 / %d things are wrong. Do not trust this dossier." % ((len(dossier.wrong),) * 2))
        return 1
    count = len(dossier.hashes)
    say("卷宗完整：文件 %d 个，记录 %d 条。 / Intact: %d files, %d entries." % ((len(dossier.listed), count) * 2))
    say("内容摘要，请与打印的目录核对： / Digest of the contents, as in the index: " + dossier.digest)
    if count > dossier.proven:
        say("其中 %d 条尚无检查点覆盖。 / No checkpoint covers %d of them yet." % ((count - dossier.proven,) * 2))
    if not given.key:
        say("公钥是否为本县所公布？ / Is this the key that the county gives out? " + dossier.text(KEY).splitlines()[0])
    return 0


if __name__ == "__main__":
    sys.exit(main())
