"""The reading of PDF/A finds what is not as archives ask, so that its silence means something."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest

from approvals import papers
from tests.record.archival import breaches

MADE = papers.pdf("papers/hand_over.html", {"sheet": None})


def _without_intent(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.OutputIntents


def _of_another_part(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as said:
        said["{http://www.aiim.org/pdfa/ns/id/}part"] = "1"


def _of_another_title(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Title"] = "?"


def _without_font(pdf: pikepdf.Pdf) -> None:
    [*_others, font] = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/FontFile3" in one]
    del font["/FontFile3"]


def _with_a_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.beep(0)")


def _with_a_bare_file(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["a.txt"] = pikepdf.AttachedFileSpec(pdf, b"a")
    del pdf.attachments["a.txt"].obj["/AFRelationship"]


def _with_a_form_to_make_up(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[], NeedAppearances=True)


def _with_a_hidden_note(pdf: pikepdf.Pdf) -> None:
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 1, 1], F=2)
    pdf.pages[0].Annots = pikepdf.Array([note])


@pytest.mark.parametrize(
    ("spoil", "clause"),
    [(_without_intent, "6.2.3"), (_of_another_part, "6.6.4"), (_of_another_title, "6.6.3"), (_without_font, "6.2.11.4"),
     (_with_a_script, "6.5"), (_with_a_bare_file, "6.8"), (_with_a_form_to_make_up, "6.4"),
     (_with_a_hidden_note, "6.3.2")],
)  # fmt: skip
def test_what_is_not_as_archives_ask_is_found(spoil: Callable[[pikepdf.Pdf], None], clause: str) -> None:
    assert breaches(MADE) == []
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(MADE)) as pdf:
        spoil(pdf)
        pdf.save(out)
    assert [said.partition(":")[0] for said in breaches(out.getvalue())] == [clause]


def test_an_encrypted_file_is_found() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(MADE)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user=""))
    assert any(said.startswith("6.1.3") for said in breaches(out.getvalue()))
