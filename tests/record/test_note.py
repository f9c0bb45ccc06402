"""Signed notes against the example of golang.org/x/mod/sumdb/note, and checkpoints in them."""

from __future__ import annotations

import pytest

from audit import checkpoint, merkle, note

# golang.org/x/mod/sumdb/note, example_test.go and note_test.go.
SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
LINE = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
NOTE = f"{TEXT}\n{LINE}"
PETER = note.Verifier.read(PUBLIC)
HEAD = checkpoint.Head(7, merkle.EMPTY, "PeterNeumann")


def test_we_sign_to_the_byte_as_go_does() -> None:
    signer = note.Signer.read(SECRET)
    assert signer.sign(TEXT) == NOTE
    assert (str(signer), str(signer.verifier)) == (SECRET, PUBLIC)
    assert "AYEKFALVFGyNhPJEMzD1QIDr" not in repr(signer)


def test_we_accept_what_go_signed() -> None:
    assert note.opened(NOTE, [PETER]) == TEXT


@pytest.mark.parametrize("place", range(0, len(PUBLIC), 3))
def test_a_key_with_any_other_letter_is_none(place: int) -> None:
    other = PUBLIC[:place] + chr(ord(PUBLIC[place]) + 1) + PUBLIC[place + 1 :]
    for key in (other, PUBLIC[:place]):
        with pytest.raises(note.BadKey):
            note.Verifier.read(key)
        with pytest.raises(note.BadKey):
            note.Signer.read(note.PRIVATE + key)


@pytest.mark.parametrize(
    "key",
    [
        # Of the wrong length and of an unknown algorithm, each with an id that fits (note_test.go).
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_keys_that_go_refuses_are_refused(key: str) -> None:
    with pytest.raises(note.BadKey):
        note.Verifier.read(key)


@pytest.mark.parametrize(
    "bad",
    [
        "", "\n", TEXT, f"{TEXT}{LINE}", NOTE.removesuffix("\n"), NOTE.replace("answer", "question"),
        f"{TEXT}\nno line\n", NOTE.replace("x08go/ZJ", "x08go/ZK"), NOTE.replace("— Peter", "- Peter"),
        NOTE.replace("PeterN", "PaulN"), f"{TEXT}\n— PeterNeumann x08g\n", f"{TEXT}\n— PeterNeumann !!!!\n",
    ],
)  # fmt: skip
def test_what_peter_did_not_sign_is_refused(bad: str) -> None:
    with pytest.raises(note.BadNote):
        note.opened(bad, [PETER])


def test_a_stranger_may_sign_beside_the_one_we_know() -> None:
    witness = note.Signer.new("witness.invalid/审计局")
    theirs = witness.sign(TEXT).partition("\n\n")[2]
    assert note.opened(NOTE + theirs, [PETER]) == TEXT
    assert note.opened(NOTE + theirs, [witness.verifier]) == TEXT
    with pytest.raises(note.BadNote):
        note.opened(NOTE + theirs, [note.Signer.new("nobody").verifier])
    with pytest.raises(note.BadNote):
        note.Signer.read(SECRET).sign("no line break")


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\nb"])
def test_a_key_needs_a_name_that_can_be_read_back(name: str) -> None:
    with pytest.raises(note.BadKey):
        note.Signer.new(name)


def test_a_checkpoint_says_whose_how_large_and_which_root() -> None:
    signed = HEAD.signed(note.Signer.read(SECRET))
    assert signed.startswith("PeterNeumann\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— PeterNeumann ")
    assert checkpoint.read(signed, [PETER]) == HEAD


ROOT = "A" * 43 + "="


@pytest.mark.parametrize("text", ["", "a\n7\n", f"a\n07\n{ROOT}\n", "a\n7\nAAAA\n", f"\n7\n{ROOT}\n"])
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(note.BadNote):
        checkpoint.said(text)


def test_checkpoints_are_found_in_a_file_a_mail_or_among_other_words() -> None:
    signed = HEAD.signed(note.Signer.read(SECRET))
    extended = note.Signer.read(SECRET).sign(f"{HEAD}an extension\n")
    text = f"Subject: 检查点\n\nKeep this mail.\n\n{signed}\n{extended}— witness {'A' * 40}\nYours\n"
    assert list(checkpoint.parted(text.replace("\n", "\r\n"))) == [signed, f"{extended}— witness {'A' * 40}\n"]
