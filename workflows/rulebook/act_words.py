"""The acts that a rulebook names, in words."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

#: Act -> its name.
ACTS = {
    "project.file": pgettext_lazy("rulebook", "file the project"),
    "project.pass_township": pgettext_lazy("rulebook", "pass the township review"),
    "project.sign_joint": pgettext_lazy("rulebook", "sign the joint review"),
    "project.admit": pgettext_lazy("rulebook", "admit to the pipeline"),
    "project.approve": pgettext_lazy("rulebook", "approve the project"),
    "project.start_procurement": pgettext_lazy("rulebook", "start the procurement"),
    "project.sign_contract": pgettext_lazy("rulebook", "sign the contract"),
    "project.start": pgettext_lazy("rulebook", "start the works"),
    "project.complete": pgettext_lazy("rulebook", "report completion"),
    "project.hand_over": pgettext_lazy("rulebook", "hand over the asset"),
    "project.close": pgettext_lazy("rulebook", "close the project"),
    "project.pass_acceptance": pgettext_lazy("rulebook", "pass the acceptance"),
    "notice.ask_waiver": pgettext_lazy("rulebook", "ask for a shorter term of a notice"),
    "notice.grant_waiver": pgettext_lazy("rulebook", "grant a shorter term of a notice"),
    "measurement.submit": pgettext_lazy("rulebook", "submit the measurement"),
    "measurement.sign_off": pgettext_lazy("rulebook", "sign the measurement"),
    "claim.submit": pgettext_lazy("rulebook", "submit the claim"),
    "claim.check_township": pgettext_lazy("rulebook", "check the claim in the township"),
    "claim.approve_department": pgettext_lazy("rulebook", "approve the claim in the department"),
    "claim.approve_finance": pgettext_lazy("rulebook", "approve the claim in finance"),
    "claim.pay": pgettext_lazy("rulebook", "order the payment of the claim"),
    "claim.correct_payee": pgettext_lazy("rulebook", "correct the payee's account"),
    "household_batch.submit": pgettext_lazy("rulebook", "submit the household batch"),
    "household_batch.check_township": pgettext_lazy("rulebook", "check the household batch in the township"),
    "household_batch.approve_department": pgettext_lazy("rulebook", "approve the household batch in the department"),
    "household_batch.check_finance": pgettext_lazy("rulebook", "check the household batch in finance"),
    "household_batch.pay": pgettext_lazy("rulebook", "order the payments to households"),
    "household_batch.correct_account": pgettext_lazy("rulebook", "correct a household's account"),
    "household_batch.record_receipts": pgettext_lazy("rulebook", "record receipts of goods"),
    "household_batch.close": pgettext_lazy("rulebook", "close the household batch"),
    "special_audit.sign_section": pgettext_lazy("rulebook", "sign a section of the special audit"),
    "special_audit.conclude": pgettext_lazy("rulebook", "conclude the special audit"),
    "acceptance.conclude": pgettext_lazy("rulebook", "conclude the acceptance"),
    "rectification.open": pgettext_lazy("rulebook", "issue the rectification order"),
    "rectification.submit": pgettext_lazy("rulebook", "submit the rectification"),
    "rectification.verify": pgettext_lazy("rulebook", "verify the rectification"),
}
