"""Whatever is changed in a dossier, its verify.py finds it, names it and exits 1."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import tempfile
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import TestCase
from django.utils import timezone

from audit import checkpoints
from audit.dossier.bundle import MANIFEST
from audit.note import Signer
from tests.factories import project_at
from tests.record.cases import write
from tests.record.dossiers import checked, flipped, listed_anew, made, signed_anew, unpacked
from workflows.states import ProjectState as S

PRISTINE = Path(str(files("audit.dossier").joinpath("verify.py")))


def program() -> ModuleType:
    """verify.py as a module, as it is shipped."""
    spec = importlib.util.spec_from_file_location("dossier_verify", PRISTINE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Tampering(TestCase):
    """One dossier of a finished project, and a fresh copy of it for each test."""

    pristine: ClassVar[Path]
    folder: Path

    @classmethod
    def setUpTestData(cls) -> None:
        root = project_at(S.CLOSED).project.pk
        write(900, count=300)
        checkpoints.make(timezone.now())
        place = Path(tempfile.mkdtemp(prefix="fundtrail-dossier-"))
        cls.addClassCleanup(shutil.rmtree, place)
        (place / "first").mkdir()
        cls.pristine = unpacked(made(root), place / "first")

    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=self.pristine.parents[1])) / self.pristine.name
        shutil.copytree(self.pristine, self.folder)

    def found(self) -> list[str]:
        """What the shipped program finds wrong, asked in this process."""
        dossier = program().Dossier(str(self.folder), None)
        dossier.check()
        return list(dossier.wrong)

    def file(self, pattern: str) -> Path:
        return sorted(self.folder.glob(pattern))[0]

    def rewritten(self, path: Path, old: str, new: str) -> None:
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    def test_untouched_it_is_intact_for_a_program_from_elsewhere_and_with_the_key_known(self) -> None:
        key = str(checkpoints.signer().verifier)
        assert checked(self.folder)[0] == 0
        assert checked(self.folder, "--key", key, program=PRISTINE)[0] == 0

    def test_a_changed_byte_is_found_in_every_file(self) -> None:
        count = 0
        for file in sorted(path for path in self.folder.rglob("*") if path.is_file()):
            content, name = file.read_bytes(), str(file.relative_to(self.folder))
            for at in {0, len(content) // 3, len(content) // 2, len(content) - 2, len(content) - 1}:
                flipped(file, at)
                wrong = self.found()
                assert wrong, f"{name} at {at}"
                named = name in (MANIFEST, "verifier.txt") or any(line.startswith(f"{name}: ") for line in wrong)
                assert named, f"{name} at {at}: {wrong}"
                file.write_bytes(content)
                count += 1
        assert count > 150
        assert self.found() == []

    def test_every_byte_of_list_and_key_counts(self) -> None:
        for name in ("verifier.txt", MANIFEST):
            file = self.folder / name
            content = file.read_bytes()
            for at in range(0, len(content), 1 if len(content) < 200 else 97):
                flipped(file, at)
                assert self.found(), f"{name} at {at}"
            for at in range(len(content) - 110, len(content)):
                file.write_bytes(content)
                flipped(file, at)
                assert self.found(), f"{name} at {at}"
            for more in (b"\n", b" ", b"x"):
                file.write_bytes(content + more)
                assert self.found(), f"{name} with {more!r}"
            file.write_bytes(content)

    def test_its_own_program_says_so_in_both_languages(self) -> None:
        paper = self.file("01-*/*")
        flipped(paper, 5)
        code, said = checked(self.folder)
        assert code == 1
        assert f"{paper.relative_to(self.folder)}: 文件被改动 / file was changed" in said
        assert "Do not trust this dossier" in said

    def test_it_reads_chinese_names_where_no_language_is_set(self) -> None:
        for locale in ("C", "POSIX"):
            code, said = checked(self.folder, python=["-X", "utf8=0"], LC_ALL=locale)
            assert code == 0, said
            assert said.isascii()

    def test_a_changed_program_is_found_by_another(self) -> None:
        flipped(self.folder / "verify.py", 40)
        code, said = checked(self.folder, program=PRISTINE)
        assert code == 1
        assert "verify.py: 文件被改动" in said

    def test_a_file_taken_out_or_put_in_or_renamed_is_found(self) -> None:
        paper = self.file("03-*/*")
        other = paper.with_name("x.pdf")
        paper.rename(other)
        assert sorted(line.partition(":")[0] for line in self.found()) == sorted(
            str(path.relative_to(self.folder)) for path in (paper, other)
        )
        paper.symlink_to(other)
        assert len(self.found()) == 2
        (self.folder / "manifest.txt").unlink()
        assert len(self.found()) == 1

    def test_a_list_made_anew_lacks_the_signature(self) -> None:
        flipped(self.file("05-*/*"), 5)
        signature = (self.folder / MANIFEST).read_text().partition("\n\n")[2]
        (self.folder / MANIFEST).write_text(f"{listed_anew(self.folder)}\n{signature}")
        assert "signature of the list of files does not hold" in self.found()[0]

    def test_a_forger_s_own_key_is_not_the_county_s(self) -> None:
        forger = Signer.new("PeterNeumann")
        known = str(checkpoints.signer().verifier)
        (self.folder / "verifier.txt").write_text(f"{forger.verifier}\n")
        (self.folder / MANIFEST).write_text(forger.sign(listed_anew(self.folder)))
        code, said = checked(self.folder, "--key", known)
        assert (code, "signature of the list of files" in said) == (1, True)
        # Without a key from elsewhere it still fails: the checkpoint is not the forger's.
        assert "proofs.txt: " in self.found()[0]

    def test_who_holds_the_key_still_cannot_change_an_entry(self) -> None:
        record = self.file("record/*")
        lines = record.read_text().splitlines()
        own, prev, payload = lines[-1].split(" ", 2)
        facts = json.loads(payload)
        facts["actor_name"] = "王强"
        payload = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        own = hashlib.sha256(bytes.fromhex(prev) + payload.encode()).hexdigest()
        record.write_text("\n".join([*lines[:-1], f"{own} {prev} {payload}", ""]))
        signed_anew(self.folder)
        (wrong,) = self.found()
        assert "inclusion proof does not hold" in wrong

    def test_nor_leave_one_out_nor_turn_two_round(self) -> None:
        record = self.file("record/*")
        text = record.read_text()
        lines = text.splitlines()
        for fewer in (lines[:-1], [*lines[:3], *lines[4:]], [lines[1], lines[0], *lines[2:]]):
            record.write_text("\n".join([*fewer, ""]))
            signed_anew(self.folder)
            assert self.found()
        record.write_text(text.replace("\n", "\r\n"))
        signed_anew(self.folder)
        assert self.found()

    def test_nor_a_paper_nor_the_books(self) -> None:
        flipped(self.file("07-*/*"), 5)
        signed_anew(self.folder)
        assert len([line for line in self.found() if "named by no entry" in line]) == 2
        shutil.copytree(self.pristine, self.folder, dirs_exist_ok=True)
        book = json.loads((self.folder / "ledger.json").read_text())
        account = next(iter(book["balances"]))
        for spoilt, said in (
            ({**book, "transfers": book["transfers"][1:]}, "a transfer is missing"),
            ({**book, "balances": {**book["balances"], account: 1}}, "balance is not what the transfers say"),
            ({**book, "transfers": [{**book["transfers"][0], "fen": 1}, *book["transfers"][1:]]}, "no entry made this"),
        ):
            (self.folder / "ledger.json").write_text(json.dumps(spoilt))
            signed_anew(self.folder)
            assert any(said in line for line in self.found()), said

    def test_what_is_no_dossier_is_refused_in_words(self) -> None:
        (self.folder / MANIFEST).write_bytes(b"\xff\x00")
        assert checked(self.folder)[0] == 1
        code, said = checked(Path("/nowhere"), program=PRISTINE)
        assert (code, "Traceback" in said) == (1, False)


#: RFC 8032, section 7.1: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").hexdigest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
        "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_the_signature_is_that_of_rfc_8032(public: str, message: str, signature: str) -> None:
    signed: Any = program().signed
    key, said, octets = (bytes.fromhex(text) for text in (public, message, signature))
    assert signed(key, said, octets)
    assert not signed(key, said + b"x", octets)
    for at in (0, 31, 32, 63):
        assert not signed(key, said, octets[:at] + bytes([octets[at] ^ 1]) + octets[at + 1 :])
    # The same signature written with another number of the same rest: 5.1.7 takes only one.
    s = int.from_bytes(octets[32:], "little") + program().L
    assert not signed(key, said, octets[:32] + s.to_bytes(32, "little"))


def test_it_agrees_with_another_implementation() -> None:
    signed: Any = program().signed
    for number in range(8):
        secret = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(bytes([number])).digest())
        public, message = secret.public_key().public_bytes_raw(), b"m" * number
        assert signed(public, message, secret.sign(message))
        assert not signed(public, message + b"m", secret.sign(message))


def test_base64_is_read_in_one_way_only() -> None:
    assert program().unbase64("AQI=") == b"\x01\x02"
    for other in ("AQJ=", "AQI", "AQI=\n", "AQ I="):
        with pytest.raises(ValueError, match=r"canonical|padding"):
            program().unbase64(other)
