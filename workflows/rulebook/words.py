"""The rulebook's keys and codes in words a clerk reads.

A key names a value of the schema, a code is a value itself; both fall back to their own name.
"""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

#: Key of the schema -> what it means.
KEYS = {
    "review": pgettext_lazy("rulebook", "review"),
    "levels": pgettext_lazy("rulebook", "levels"),
    "joint_offices": pgettext_lazy("rulebook", "joint review offices"),
    "papers": pgettext_lazy("rulebook", "required papers"),
    "notices_dropped": pgettext_lazy("rulebook", "notices not published"),
    "notices": pgettext_lazy("rulebook", "public notices"),
    "days_min": pgettext_lazy("rulebook", "days at least"),
    "day_kind": pgettext_lazy("rulebook", "kind of days"),
    "places": pgettext_lazy("rulebook", "places"),
    "gate": pgettext_lazy("rulebook", "must run before"),
    "post_days_max": pgettext_lazy("rulebook", "days to post at most"),
    "sign_board": pgettext_lazy("rulebook", "sign-board"),
    "tender": pgettext_lazy("rulebook", "tender and purchase"),
    "open_tender_fen_min": pgettext_lazy("rulebook", "open tender from"),
    "ladder": pgettext_lazy("rulebook", "ladder below the threshold"),
    "kind": pgettext_lazy("rulebook", "kind"),
    "from_fen": pgettext_lazy("rulebook", "from (included)"),
    "to_fen": pgettext_lazy("rulebook", "to (not included)"),
    "route": pgettext_lazy("rulebook", "route"),
    "self_build_fen_max": pgettext_lazy("rulebook", "self-build up to"),
    "added_quantity_permille_max": pgettext_lazy("rulebook", "added quantity at most"),
    "periods": pgettext_lazy("rulebook", "periods"),
    "document_days_min": pgettext_lazy("rulebook", "days documents are on offer"),
    "document_day_kind": pgettext_lazy("rulebook", "kind of those days"),
    "clarify_days_min": pgettext_lazy("rulebook", "days from clarification to deadline"),
    "bid_days_min": pgettext_lazy("rulebook", "days to bid"),
    "bidders_min": pgettext_lazy("rulebook", "bidders at least"),
    "committee_min": pgettext_lazy("rulebook", "committee members at least"),
    "committee_expert_permille_min": pgettext_lazy("rulebook", "share of experts at least"),
    "committee_odd": pgettext_lazy("rulebook", "odd number of members"),
    "candidates_max": pgettext_lazy("rulebook", "candidates at most"),
    "candidate_days_min": pgettext_lazy("rulebook", "days candidates are public"),
    "contract_days_max": pgettext_lazy("rulebook", "days to sign the contract"),
    "bid_bond_permille_max": pgettext_lazy("rulebook", "bid bond at most"),
    "performance_bond_permille_max": pgettext_lazy("rulebook", "performance bond at most"),
    "progress": pgettext_lazy("rulebook", "progress of the works"),
    "signature_required": pgettext_lazy("rulebook", "supervision engineer must sign"),
    "measured_within_days_max": pgettext_lazy("rulebook", "days since the measurement at most"),
    "completion_permille_min": pgettext_lazy("rulebook", "measured before completion at least"),
    "sign_days_max": pgettext_lazy("rulebook", "days to sign at most"),
    "deviation_permille_max": pgettext_lazy("rulebook", "spending ahead of the works at most"),
    "tranches": pgettext_lazy("rulebook", "tranches"),
    "code": pgettext_lazy("rulebook", "code"),
    "trigger": pgettext_lazy("rulebook", "trigger"),
    "at_permille": pgettext_lazy("rulebook", "from"),
    "share_permille": pgettext_lazy("rulebook", "share"),
    "ceiling_permille": pgettext_lazy("rulebook", "cumulative ceiling"),
    "base": pgettext_lazy("rulebook", "base"),
    "retention": pgettext_lazy("rulebook", "retention"),
    "permille_max": pgettext_lazy("rulebook", "at most"),
    "months": pgettext_lazy("rulebook", "months"),
    "then": pgettext_lazy("rulebook", "after the term"),
    "refund": pgettext_lazy("rulebook", "refund of overpayments"),
    "vouchers": pgettext_lazy("rulebook", "vouchers"),
    "after_term_days_max": pgettext_lazy("rulebook", "calendar days after the contract's term, at most"),
    "days_max": pgettext_lazy("rulebook", "days at most"),
    "checks": pgettext_lazy("rulebook", "audit and acceptance"),
    "order": pgettext_lazy("rulebook", "order"),
    "audit_sections": pgettext_lazy("rulebook", "auditing offices"),
    "audit_notice_working_days_min": pgettext_lazy("rulebook", "working days of notice"),
    "audit_reply_working_days_max": pgettext_lazy("rulebook", "working days to reply"),
    "acceptance": pgettext_lazy("rulebook", "acceptance"),
    "members_min": pgettext_lazy("rulebook", "members at least"),
    "members_max": pgettext_lazy("rulebook", "members at most"),
    "members_odd": pgettext_lazy("rulebook", "odd number of members"),
    "beneficiaries_required": pgettext_lazy("rulebook", "beneficiaries take part"),
    "rectification": pgettext_lazy("rulebook", "rectification"),
    "deadline_working_days": pgettext_lazy("rulebook", "working days to rectify"),
    "extensions_max": pgettext_lazy("rulebook", "extensions at most"),
    "extension_working_days_max": pgettext_lazy("rulebook", "working days of an extension"),
    "change": pgettext_lazy("rulebook", "change of plan"),
    "growth_permille_max": pgettext_lazy("rulebook", "growth without new approval"),
    "approver": pgettext_lazy("rulebook", "approver"),
    "year_end": pgettext_lazy("rulebook", "year end"),
    "carried_years_max": pgettext_lazy("rulebook", "years carried over at most"),
    "claims_close": pgettext_lazy("rulebook", "last day for claims"),
    "deadlines": pgettext_lazy("rulebook", "terms of the steps"),
    "days": pgettext_lazy("rulebook", "days"),
    "separation": pgettext_lazy("rulebook", "separation of duties"),
    "pairs": pgettext_lazy("rulebook", "acts kept apart"),
    "works": pgettext_lazy("rulebook", "works"),
    "goods": pgettext_lazy("rulebook", "goods"),
    "services": pgettext_lazy("rulebook", "services"),
}

#: Code of an office, paper, place, route and so on -> its name.
CODES = {
    "township": pgettext_lazy("rulebook", "township"),
    "joint": pgettext_lazy("rulebook", "joint review"),
    "leading_group": pgettext_lazy("rulebook", "leading group"),
    "programme": pgettext_lazy("rulebook", "programme office"),
    "finance": pgettext_lazy("rulebook", "finance bureau"),
    "department": pgettext_lazy("rulebook", "competent department"),
    "audit": pgettext_lazy("rulebook", "audit bureau"),
    "discipline": pgettext_lazy("rulebook", "discipline inspection"),
    "implementer": pgettext_lazy("rulebook", "implementing unit"),
    "village": pgettext_lazy("rulebook", "village"),
    "county": pgettext_lazy("rulebook", "county"),
    "original_approver": pgettext_lazy("rulebook", "original approver"),
    "calendar": pgettext_lazy("rulebook", "calendar days"),
    "working": pgettext_lazy("rulebook", "working days"),
    "open_tender": pgettext_lazy("rulebook", "open tender"),
    "negotiation": pgettext_lazy("rulebook", "competitive negotiation"),
    "inquiry": pgettext_lazy("rulebook", "request for quotation"),
    "capable_firm": pgettext_lazy("rulebook", "choice of a capable firm"),
    "direct_contract": pgettext_lazy("rulebook", "direct contract"),
    "self_build": pgettext_lazy("rulebook", "self-build"),
    "plan_issued": pgettext_lazy("rulebook", "plan issued"),
    "self_raised": pgettext_lazy("rulebook", "own share paid in"),
    "quantity": pgettext_lazy("rulebook", "quantities done"),
    "township_checked": pgettext_lazy("rulebook", "checked by the township"),
    "papers_filed": pgettext_lazy("rulebook", "papers filed"),
    "near_completion": pgettext_lazy("rulebook", "near completion"),
    "completed": pgettext_lazy("rulebook", "completed"),
    "audited": pgettext_lazy("rulebook", "audited"),
    "accepted": pgettext_lazy("rulebook", "accepted"),
    "grant": pgettext_lazy("rulebook", "grant"),
    "contract": pgettext_lazy("rulebook", "contract"),
    "special_audit": pgettext_lazy("rulebook", "special audit"),
    "release": pgettext_lazy("rulebook", "released"),
    "repair": pgettext_lazy("rulebook", "released, or spent on repair"),
    "village_entry": pgettext_lazy("rulebook", "village entry"),
    "township_entry": pgettext_lazy("rulebook", "township entry"),
    "plan": pgettext_lazy("rulebook", "plan"),
    "contractor": pgettext_lazy("rulebook", "contractor"),
    "claim": pgettext_lazy("rulebook", "claim"),
    "county_site": pgettext_lazy("rulebook", "county website"),
    "township_board": pgettext_lazy("rulebook", "township board"),
    "village_board": pgettext_lazy("rulebook", "village board"),
    "site_board": pgettext_lazy("rulebook", "board at the site"),
    "media": pgettext_lazy("rulebook", "media"),
    "acceptance_form": pgettext_lazy("rulebook", "acceptance form"),
    "application_form": pgettext_lazy("rulebook", "application form"),
    "approval_document": pgettext_lazy("rulebook", "approval document"),
    "audit_report": pgettext_lazy("rulebook", "audit report"),
    "claim_form": pgettext_lazy("rulebook", "claim form"),
    "completion_report": pgettext_lazy("rulebook", "completion report"),
    "design_document": pgettext_lazy("rulebook", "design document"),
    "filing_form": pgettext_lazy("rulebook", "filing form"),
    "handover_list": pgettext_lazy("rulebook", "handover list"),
    "invoice": pgettext_lazy("rulebook", "invoice"),
    "photos": pgettext_lazy("rulebook", "photographs"),
    "rectification_report": pgettext_lazy("rulebook", "rectification report"),
    "settlement_report": pgettext_lazy("rulebook", "settlement report"),
    "village_resolution": pgettext_lazy("rulebook", "village resolution"),
    "warranty": pgettext_lazy("rulebook", "warranty"),
    "start": pgettext_lazy("rulebook", "start"),
    "progress": pgettext_lazy("rulebook", "progress"),
    "final": pgettext_lazy("rulebook", "final"),
}

#: What a share is taken of -> its name.
BASES = {
    "grant": pgettext_lazy("rulebook", "fiscal grant"),
    "contract": pgettext_lazy("rulebook", "contract price"),
    "audited": pgettext_lazy("rulebook", "audited price"),
}

#: State with a term -> its name.
STATES = {
    "filed": pgettext_lazy("rulebook", "filed"),
    "joint_review": pgettext_lazy("rulebook", "in joint review"),
    "pipeline": pgettext_lazy("rulebook", "pipeline entry"),
    "on_notice": pgettext_lazy("rulebook", "on notice"),
    "approved": pgettext_lazy("rulebook", "approved"),
    "procuring": pgettext_lazy("rulebook", "procuring"),
    "contracted": pgettext_lazy("rulebook", "contracted"),
    "building": pgettext_lazy("rulebook", "building"),
    "under_audit": pgettext_lazy("rulebook", "under audit"),
    "under_acceptance": pgettext_lazy("rulebook", "under acceptance"),
    "handed_over": pgettext_lazy("rulebook", "handed over"),
    "returned": pgettext_lazy("rulebook", "returned"),
    "submitted": pgettext_lazy("rulebook", "claim submitted"),
    "township_checked": pgettext_lazy("rulebook", "claim checked by the township"),
    "department_approved": pgettext_lazy("rulebook", "claim approved by the department"),
    "finance_approved": pgettext_lazy("rulebook", "claim approved by finance"),
}

#: Act -> its name.
ACTS = {
    "project.file": pgettext_lazy("rulebook", "file the project"),
    "project.pass_township": pgettext_lazy("rulebook", "pass the township review"),
    "project.sign_joint": pgettext_lazy("rulebook", "sign the joint review"),
    "project.admit": pgettext_lazy("rulebook", "admit to the pipeline"),
    "project.approve": pgettext_lazy("rulebook", "approve the project"),
    "project.sign_contract": pgettext_lazy("rulebook", "sign the contract"),
    "project.start": pgettext_lazy("rulebook", "start the works"),
    "project.complete": pgettext_lazy("rulebook", "report completion"),
    "project.hand_over": pgettext_lazy("rulebook", "hand over the asset"),
    "project.close": pgettext_lazy("rulebook", "close the project"),
    "measurement.submit": pgettext_lazy("rulebook", "submit the measurement"),
    "measurement.sign_off": pgettext_lazy("rulebook", "sign the measurement"),
    "claim.submit": pgettext_lazy("rulebook", "submit the claim"),
    "claim.check_township": pgettext_lazy("rulebook", "check the claim in the township"),
    "claim.approve_department": pgettext_lazy("rulebook", "approve the claim in the department"),
    "claim.approve_finance": pgettext_lazy("rulebook", "approve the claim in finance"),
    "claim.pay": pgettext_lazy("rulebook", "order the payment of the claim"),
    "claim.correct_payee": pgettext_lazy("rulebook", "correct the payee's account"),
    "special_audit.conclude": pgettext_lazy("rulebook", "conclude the special audit"),
    "acceptance.conclude": pgettext_lazy("rulebook", "conclude the acceptance"),
    "rectification.open": pgettext_lazy("rulebook", "issue the rectification order"),
    "rectification.submit": pgettext_lazy("rulebook", "submit the rectification"),
    "rectification.verify": pgettext_lazy("rulebook", "verify the rectification"),
}


def of_key(part: str | int) -> str:
    """The words for one part of a path."""
    if isinstance(part, int):
        return str(part + 1)
    for table in (KEYS, ACTS, STATES, CODES):
        if part in table:
            return str(table[part])
    return part


def of_code(code: str) -> str:
    """The words for a code that stands as a value."""
    for table in (CODES, ACTS, STATES, KEYS):
        if code in table:
            return str(table[code])
    return code
