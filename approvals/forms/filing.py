"""The filing form: the act's own fields in groups, the budget, and the papers asked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from approvals.forms.actform import ActForm, files_field
from approvals.forms.plain import TextField
from workflows import words
from workflows.law import StoredFile
from workflows.lifecycles.forms import Application

#: Headings of the form and their fields, in the order one fills them in.
GROUPS = (
    (_("What is to be built"), ("title", "category", "department", "work_kind", "quantity_milli",
                                "quantity_unit", "description", "benefit")),
    (_("When and by whom"), ("responsible", "starts_on", "ends_on", "self_build")),
    (_("The village's resolution"), ("resolution_on", "villagers_entitled", "villagers_present")),
    (_("Where the money comes from"), ("grant_fen", "self_raised_fen", "labour_fen")),
)  # fmt: skip
PARTS = ("grant_fen", "self_raised_fen", "labour_fen")


class FilingForm(ActForm):
    """A draft may leave out anything but its name; filing asks for the rest."""

    def __init__(self, project: Any, *, request: HttpRequest | None = None) -> None:
        start = {name: getattr(project, name) for name in Application.model_fields if name != "lines"}
        start["lines"] = list(project.lines.values())
        super().__init__(Application, case=project, request=request, initial=start)
        self.project = project
        self._let_amounts_follow()
        self._ask_for_papers(project, request)

    def _let_amounts_follow(self) -> None:
        """A line's amount may be left to quantity times price."""
        self.budget = self.tables[0]
        for row in self.budget.formset.forms:
            row.fields["amount_fen"].required = False

    def _ask_for_papers(self, project: Any, request: HttpRequest | None) -> None:
        fields = self.form.fields
        self.asked = list(dict.fromkeys([*project.papers_for("project.file"), "other"]))
        for paper in self.asked:
            fields[f"paper-{paper}"] = files_field(label=capfirst(words.paper(paper)))
        if project.state == "returned":
            area = forms.Textarea(attrs={"rows": 2})
            fields["reason"] = TextField(label=_("What was corrected"), max_length=2000, required=False, widget=area)

    def groups(self) -> list[tuple[Any, list[Any]]]:
        """Headings with their fields."""
        return [(title, [self.form[name] for name in names]) for title, names in GROUPS]

    def uploads(self) -> list[Any]:
        """One upload for each paper that filing asks for, and one for anything else."""
        return [self.form[f"paper-{paper}"] for paper in self.asked]

    def papers(self) -> dict[str, list[StoredFile]]:
        """Paper -> its new files."""
        given = {paper: self.form.cleaned_data.get(f"paper-{paper}") for paper in self.asked}
        return {paper: files for paper, files in given.items() if files}

    def payload(self) -> dict[str, Any]:
        """The application, each line with its amount."""
        given = super().payload()
        given = {name: value for name, value in given.items() if not name.startswith("paper-")}
        for line in given["lines"]:
            if line.get("amount_fen") is None:
                line["amount_fen"] = (line["quantity_milli"] * line["unit_price_fen"] + 500) // 1000
        return given

    @property
    def lines_fen(self) -> int:
        """What the saved lines come to."""
        return sum(line.amount_fen for line in self.project.lines.all())
