"""Codes as the reader reads them: one place where a code becomes a word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funds.models import ANY_PURPOSE
from workflows.offices import OUTSIDERS, Office

#: What a filed application must say: field of the project -> its name.
FILING_FIELDS = {
    "title": _("project name"),
    "quantity_milli": _("quantity"),
    "quantity_unit": _("unit of quantity"),
    "description": _("construction content"),
    "benefit": _("performance target and benefit"),
    "responsible": _("person in charge"),
    "starts_on": _("start"),
    "ends_on": _("end"),
    "grant_fen": _("grant applied for"),
    "resolution_on": _("date of the village resolution"),
}

PAPERS = {
    "acceptance_form": _("acceptance form"),
    "application_form": _("application form"),
    "approval_document": _("approval document"),
    "audit_reply": _("reply to the audit"),
    "audit_report": _("audit report"),
    "claim_form": _("claim form"),
    "completion_report": _("completion report"),
    "contract": _("contract"),
    "design_document": _("design document"),
    "filing_form": _("filing form"),
    "handover_list": _("handover list"),
    "invoice": _("invoice"),
    "photos": _("photos"),
    "receipt_sheet": _("signed receipt sheet"),
    "rectification_report": _("rectification report"),
    "settlement_report": _("settlement report"),
    "village_resolution": _("village resolution"),
    "warranty": _("warranty"),
    "evidence": _("evidence of posting"),
    "other": _("other"),
}

NOTICES = {
    "village_entry": _("village notice of the application"),
    "township_entry": _("township notice of the application"),
    "plan": _("notice of the project plan"),
    "allocation": _("notice of the allocation of funds"),
    "contractor": _("notice of the contractor"),
    "claim": _("notice of the use of funds"),
    "acceptance": _("notice of the acceptance result"),
    "household": _("notice of the household list"),
}

#: What a notice says -> its name.
NOTICE_FIELDS = {
    "title": _("project name"),
    "location": _("place of the works"),
    "task": _("construction task"),
    "standard": _("subsidy standard"),
    "amount": _("amount of the funds"),
    "sources": _("sources and composition of the funds"),
    "term": _("term of the works"),
    "unit": _("implementing unit"),
    "responsible": _("person in charge"),
    "benefit": _("performance target and benefit"),
    "procurement": _("way of procurement"),
    "contractor": _("contractor"),
    "price": _("price"),
    "payee": _("payee"),
    "result": _("result"),
    "households": _("households"),
    "hotline": _("telephone for complaints"),
    "address": _("address for complaints"),
}

#: Where an objection or a complaint is referred to (移送).
REFERRALS = {
    "discipline": _("discipline inspection and supervision"),
    "justice": _("the judicial authorities"),
}

PLACES = {
    "county_site": _("county government website"),
    "township_board": _("township notice board"),
    "village_board": _("village notice board"),
    "site_board": _("sign-board at the site"),
    "media": _("newspaper, television or network"),
}

ROUTES = {
    "open_tender": _("open tender"),
    "negotiation": _("competitive negotiation"),
    "inquiry": _("request for quotations"),
    "capable_firm": _("choice of a capable firm"),
    "direct_contract": _("direct contract"),
    "self_build": _("self-build by the village"),
}

STAGES = {
    "village": _("village application"),
    "township": _("township review"),
    "programme": _("joint review"),
}

CATEGORIES = {
    "infrastructure": _("Infrastructure"),
    "industry": _("Industry cultivation"),
    "social": _("Social undertakings"),
    "household": _("Household environment"),
}

#: What a source of funds may pay for.
PURPOSES = {**CATEGORIES, ANY_PURPOSE: _("projects of every category")}

#: Who holds a level of acceptance.
LEVELS = {
    "implementer": _("project unit"),
    "village": _("village"),
    "township": _("township"),
    "county": _("county"),
}

WORK_KINDS = {"works": _("works"), "goods": _("goods"), "services": _("services")}

TRIGGERS = {
    "plan_issued": _("plan issued"),
    "self_raised": _("self-raised share paid in"),
    "contract": _("contract signed"),
    "quantity": _("quantities done"),
    "near_completion": _("nearly completed"),
    "completed": _("completed"),
    "township_checked": _("checked by the township"),
    "audited": _("audited"),
    "accepted": _("accepted"),
    "papers_filed": _("papers filed"),
}
BASES = {
    "grant": _("grant"),
    "plan": _("plan"),
    "contract": _("contract price"),
    "audited": _("audited price"),
}
#: Names of the shipped tranches; a county's own code is its name.
TRANCHES = {
    "start": _("first tranche"),
    "progress": _("progress tranche"),
    "final": _("final tranche"),
}


def listed(items: Iterable[object]) -> str:
    """Several names in one sentence."""
    return gettext(", ").join(str(item) for item in items)


def _word(table: Mapping[str, object], code: str) -> str:
    return str(table.get(code, code))


def paper(code: str) -> str:
    return _word(PAPERS, code)


def notice(code: str) -> str:
    return _word(NOTICES, code)


def notice_field(code: str) -> str:
    return _word(NOTICE_FIELDS, code)


def referral(code: str) -> str:
    return _word(REFERRALS, code)


def complaint(state: str, *, founded: bool | None) -> str:
    """What became of a complaint, in plain words."""
    from workflows.states import ComplaintState, label

    if state == ComplaintState.ANSWERED and founded is not None:
        return gettext("answered: founded") if founded else gettext("answered: unfounded")
    return label("complaint", state)


def place(code: str) -> str:
    return _word(PLACES, code)


def route(code: str) -> str:
    return _word(ROUTES, code)


def stage(code: str) -> str:
    return _word(STAGES, code)


def level(code: str) -> str:
    return _word(LEVELS, code)


def trigger(code: str) -> str:
    return _word(TRIGGERS, code)


def base(code: str) -> str:
    return _word(BASES, code)


def tranche(code: str) -> str:
    return _word(TRANCHES, code)


def office(code: str) -> str:
    return str(Office(code).label)


def act(code: str) -> str:
    """``project.file`` as the act's label reads; an unknown code is shown as it stands."""
    from workflows.lifecycles import KINDS, spec_of

    kind, _dot, name = code.partition(".")
    if kind not in KINDS:
        return code
    if name == "open":
        return str(KINDS[kind].opening.label)
    try:
        return str(spec_of(KINDS[kind], name).label)
    except LookupError:
        return code


#: Acts of the registers, which are no cases: of posts, of sources of funds, of payments.
REGISTER = {
    "open_account": _("Open an account"),
    "retire": _("Retire a person"),
    "grant_post": _("Grant a post"),
    "end_post": _("End a post"),
    "lend_post": _("Lend a post"),
    "take_back": _("Take back a lent post"),
    "hand_over": _("Hand over on leaving"),
    "unlock": _("Unlock an account"),
    "link": _("Make a link for a first password"),
    "set_password": _("Set one's password by the link"),
    "set_address": _("Change the address for mail"),
    "set_language": _("Set the language of an account's mails"),
    "open_source": _("Enter a source of funds"),
    "receive": _("Enter money received"),
    "carry_over": _("Carry money over"),
    "replan": _("Plan carried money anew"),
    "give_back": _("Return unallocated money"),
    "lapse": _("Return money carried over too long"),
    "make_file": _("Make a file for the bank"),
    "take_out_file": _("Take out a file for the bank"),
    "enter_results": _("Enter the bank's results"),
}

REGISTERS = {
    "register": _("Register of posts"),
    "sources": _("Sources of funds"),
    "payments": _("Payments by the bank"),
}


def record(kind: str, name: str) -> str:
    """A code of the record as the reader reads it: act, kind, edition, money, account or ``state:<kind>``."""
    from funds.models import Account, Transfer
    from workflows.cases import Kind
    from workflows.editions import Editions
    from workflows.states import label

    if kind == "act":
        register, _dot, code = name.partition(".")
        return _word(REGISTER, code) if register in REGISTERS else act(name)
    if kind == "outsider":
        return _word(OUTSIDERS, name)
    if kind == "kind":
        return str(Kind(name).label) if name in Kind.values else _word(REGISTERS, name)
    if kind == "edition":
        return f"{book.title} {book.edition}" if (book := Editions().book(name)) else name
    if kind == "money":
        return str(Transfer.Kind(name).label) if name in Transfer.Kind.values else name
    if kind == "account":
        code = name.rpartition(":")[2]
        return str(Account.Kind(code).label) if code in Account.Kind.values else name
    return label(kind.partition(":")[2], name)
