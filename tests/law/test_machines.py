"""Every state, every act: the tables of the law beside what the code does.

A row says: in these states, this act may be done by these offices, leads there (``-``: the case
stays), under these rules of its own. A line without an act goes on with the row above. What has no
row is refused with S-01. The competent department of the specimen is the transport bureau.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from approvals import road
from tests.factories import fresh_application, project_at, walk_on
from tests.law import asides, audit_table, counties, public_tables
from tests.law.survey import Survey, never_happened
from workflows import lawgraph, watch
from workflows.lifecycles import KINDS
from workflows.states import STATES
from workflows.states import ProjectState as S

TABLES = {
    "project": """
draft returned                     | save_draft         | village                | -                    | O-03
draft filed joint_review pipeline  | attach             | every office           | -                    | -
on_notice approved procuring       |                    |                        |                      |
contracted building completed      |                    |                        |                      |
under_audit under_acceptance       |                    |                        |                      |
accepted handed_over returned      |                    |                        |                      |
suspended rectifying               |                    |                        |                      |
draft                              | file               | village                | filed joint_review   | F-01 F-02 F-03
                                   |                    |                        | pipeline             | F-04 Z-07 K-05
filed                              | pass_township      | township               | joint_review         | F-02
                                   |                    |                        | pipeline on_notice   |
joint_review                       | sign_joint         | finance programme      | -                    | J-01
                                   |                    | roads                  |                      |
joint_review                       | conclude_joint     | programme              | pipeline on_notice   | J-02 J-03
pipeline                           | admit              | leading_group          | on_notice            | -
filed                              | return_to          | township               | returned             | O-03 R-01 R-02
joint_review                       | return_to          | finance programme      | returned             | O-03 R-01 R-02
                                   |                    | roads                  |                      |
pipeline                           | return_to          | leading_group          | returned             | O-03 R-01 R-02
on_notice                          | return_to          | programme              | returned             | O-03 R-01 R-02
filed joint_review pipeline        | send_back          | programme              | returned             | R-01 N-22
on_notice                          |                    |                        |                      |
returned                           | resubmit           | village                | filed joint_review   | O-03 F-01 F-02
                                   |                    |                        | pipeline on_notice   | F-03 F-04
returned                           | lapse              | clock                  | withdrawn            | -
draft returned filed joint_review  | withdraw           | village                | withdrawn            | -
pipeline on_notice                 |                    |                        |                      |
joint_review on_notice             | reject             | programme              | rejected             | O-03
pipeline                           | reject             | leading_group          | rejected             | O-03
on_notice                          | approve            | leading_group          | approved             | M-01 M-13
approved                           | start_procurement  | procurement            | procuring            | -
procuring                          | sign_contract      | village                | contracted           | T-13
contracted                         | start              | village                | building             | -
building                           | post_board         | village                | -                    | W-01 W-02
building                           | complete           | village                | completed            | W-03 G-02 G-09
approved procuring contracted      | record_contribution | township               | -                    | M-11
building                           |                    |                        |                      |
approved procuring contracted      | count_labour       | township               | -                    | M-14 M-15
building completed                 |                    |                        |                      |
approved procuring contracted      | change             | finance leading_group  | -                    | M-06 M-02 T-17
building                           |                    | programme              |                      | M-12
completed                          | begin_checks       | programme              | under_audit          | -
                                   |                    |                        | under_acceptance     |
under_audit                        | pass_audit         | audit                  | under_acceptance     | A-01
                                   |                    |                        | accepted             |
under_acceptance                   | pass_acceptance    | programme              | under_audit accepted | X-01 X-02 A-21
under_acceptance                   | send_to_rectify    | programme              | rectifying           | X-03
rectifying                         | resume_acceptance  | programme              | under_acceptance     | X-02
accepted                           | hand_over          | village                | handed_over          | -
under_audit under_acceptance       | receive_refund     | finance                | -                    | M-09
rectifying accepted handed_over    |                    |                        |                      |
accepted handed_over               | repair_from_retention | finance                | -                    | M-07 M-08
handed_over                        | release_retention  | finance                | -                    | M-03
handed_over                        | close              | finance                | closed               | M-04 M-05 M-10
                                   |                    |                        |                      | X-02 A-21
approved procuring contracted      | suspend            | leading_group          | suspended            | -
building                           |                    | programme              |                      |
suspended                          | resume             | leading_group          | approved procuring   | -
                                   |                    | programme              | contracted building  |
approved procuring contracted      | terminate          | leading_group          | terminated           | M-04
building completed suspended       |                    |                        |                      |
rectifying                         |                    |                        |                      |
""",
    "notice": public_tables.NOTICE,
    "tender": """
prepared                           | issue              | procurement            | issued               | T-03 T-15
issued                             | clarify            | procurement            | -                    | T-14
issued                             | open_bids          | procurement            | opened               | T-04 T-05
opened                             | rank               | procurement            | ranked               | T-06 T-07
ranked                             | award              | procurement            | awarded              | T-08 T-09 T-10
awarded                            | close              | procurement            | closed               | T-11 T-18 T-12
                                   |                    |                        |                      | T-16
prepared issued opened ranked      | fail               | procurement            | failed               | -
awarded                            |                    |                        |                      |
prepared issued opened ranked      | attach             | procurement            | -                    | -
awarded                            |                    |                        |                      |
""",
    "measurement": """
draft returned                     | correct            | village                | -                    | G-03 G-04 G-05
                                   |                    |                        |                      | G-06
draft submitted returned           | attach             | supervision village    | -                    | G-07
draft returned                     | submit             | village                | submitted            | G-01
submitted                          | sign_off           | supervision            | signed               | G-01
submitted                          | send_back          | supervision            | returned             | -
draft submitted returned           | withdraw           | village                | withdrawn            | -
""",
    "claim": """
draft returned                     | correct            | village                | -                    | C-02
draft submitted township_checked   | attach             | finance roads township | -                    | C-09
department_approved                |                    | village                |                      |
finance_approved payment_failed    |                    |                        |                      |
returned                           |                    |                        |                      |
draft returned                     | attach_invoice     | village                | -                    | C-19 C-20 C-09
draft returned                     | submit             | village                | submitted            | C-03 C-04 C-16
                                   |                    |                        |                      | C-08 Z-07 K-05
                                   |                    |                        |                      | C-05
                                   |                    |                        |                      | C-14 C-06 C-15
                                   |                    |                        |                      | C-07 C-18 C-22
                                   |                    |                        |                      | C-10 G-08
submitted                          | check_township     | township               | township_checked     | C-04 C-17
submitted                          | cut                | township               | -                    | O-03 C-21 C-23
                                   |                    |                        |                      | C-24
township_checked                   | cut                | roads                  | -                    | O-03 C-21 C-23
                                   |                    |                        |                      | C-24
department_approved                | cut                | finance                | -                    | O-03 C-21 C-23
                                   |                    |                        |                      | C-24
township_checked                   | approve_department | roads                  | department_approved  | C-04 C-06
department_approved                | approve_finance    | finance                | finance_approved     | C-04 C-06
finance_approved payment_failed    | pay                | finance                | paying               | C-04 C-10
paying                             | confirm_payment    | finance                | paid                 | C-12 C-13
paying                             | fail_payment       | finance                | payment_failed       | C-12
payment_failed                     | correct_payee      | finance village        | -                    | -
submitted                          | return_claim       | township               | returned             | O-03
township_checked                   | return_claim       | roads                  | returned             | O-03
department_approved                | return_claim       | finance                | returned             | O-03
finance_approved payment_failed    |                    |                        |                      |
submitted                          | reject             | township               | rejected             | O-03
township_checked                   | reject             | roads                  | rejected             | O-03
department_approved                | reject             | finance                | rejected             | O-03
finance_approved payment_failed    |                    |                        |                      |
""",
    "household_batch": """
draft returned                     | load_list          | village                | -                    | H-02 H-03
draft on_notice submitted          | attach             | finance roads township | -                    | -
township_checked                   |                    | village                |                      |
department_approved                |                    |                        |                      |
finance_approved paying            |                    |                        |                      |
payment_failed handing_out         |                    |                        |                      |
returned                           |                    |                        |                      |
draft returned                     | publish            | village                | on_notice            | H-05 H-06
on_notice                          | raise_objection    | every office           | -                    | H-08
on_notice                          | decide             | township               | -                    | H-09 H-10
on_notice                          | recall             | village                | draft                | H-07
draft returned                     | withdraw           | village                | withdrawn            | -
on_notice                          | submit             | village                | submitted            | H-05 H-07 H-06
                                   |                    |                        |                      | H-04 Z-07 K-05
submitted                          | check_township     | township               | township_checked     | H-04
township_checked                   | approve_department | roads                  | department_approved  | H-04
department_approved                | check_finance      | finance                | finance_approved     | H-06 H-04 H-11
submitted                          | return_batch       | township               | returned             | O-03
township_checked                   | return_batch       | roads                  | returned             | O-03
department_approved                | return_batch       | finance                | returned             | O-03
finance_approved                   |                    |                        |                      |
submitted                          | reject             | township               | rejected             | O-03
township_checked                   | reject             | roads                  | rejected             | O-03
department_approved                | reject             | finance                | rejected             | O-03
finance_approved                   |                    |                        |                      |
finance_approved payment_failed    | pay                | finance                | paying               | H-12 H-06 H-04
                                   |                    |                        |                      | H-11
paying                             | answer             | finance                | paying handing_out   | H-13 H-14 H-15
                                   |                    |                        | payment_failed paid  | H-16
payment_failed                     | correct_account    | finance village        | -                    | H-17
payment_failed                     | drop_line          | roads                  | payment_failed paid  | H-17
                                   |                    |                        | handing_out          |
finance_approved paying            | record_receipts    | village                | -                    | H-18 H-19 H-20
payment_failed handing_out         |                    |                        |                      | H-21
finance_approved handing_out       | close              | township               | paid                 | H-23 H-22
""",
    "special_audit": audit_table.SPECIAL_AUDIT,
    "acceptance": """
requested                          | pass_level         | township               | lower_passed         | O-03 X-06
lower_passed                       | pass_level         | programme              | lower_passed         | O-03 X-06
requested                          | conclude           | township               | passed               | O-03 X-07 X-05
lower_passed                       | conclude           | programme              | passed               | O-03 X-07 X-05
requested                          | fail               | township               | failed               | O-03
lower_passed                       | fail               | programme              | failed               | O-03
requested lower_passed             | attach             | programme township     | -                    | -
                                   |                    | village                |                      |
""",
    "complaint": public_tables.COMPLAINT,
    "red_flag": public_tables.RED_FLAG,
    "late_entry": public_tables.LATE_ENTRY,
    "rectification": """
issued                             | acknowledge        | village                | acknowledged         | Z-06
acknowledged                       | prove              | village                | -                    | Z-06 Z-11
acknowledged                       | submit             | village                | submitted            | Z-06 Z-12 Z-02
submitted                          | verify             | audit discipline       | verified             | Z-03 Z-17 Z-18
                                   |                    | finance programme      |                      | Z-09
submitted                          | send_back          | audit discipline       | acknowledged         | Z-03 Z-17 Z-18
                                   |                    | finance programme      |                      | Z-10 Z-13
                                   |                    |                        |                      | Z-14 Z-15
issued acknowledged                | list_for_supervision | clock                | -                    | -
issued acknowledged                | refer              | clock                  | -                    | -
issued acknowledged submitted      | attach             | every office           | -                    | -
""",
}  # fmt: skip

EVERY_OFFICE = "village township programme finance roads leading_group procurement supervision audit discipline"

#: Counties whose rules lay the road otherwise: levels of review, order of the checks, levels of acceptance.
OTHER_COUNTIES = (
    (["joint"], ["acceptance", "special_audit"], ["village", "township", "county"]),
    (["leading_group"], ["special_audit", "acceptance"], ["township"]),
    (["township"], ["acceptance", "special_audit"], ["county"]),
    (["township", "leading_group"], ["special_audit", "acceptance"], ["township", "county"]),
)


def rows(kind: str) -> Iterator[tuple[str, str, set[str], set[str], list[str]]]:
    """The table's rows, a state each: state, act, offices, targets, rules."""
    whole: list[list[str]] = []
    for line in TABLES[kind].strip().splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if cells[1]:
            whole.append(cells)
        else:
            whole[-1] = [" ".join(pair).strip() for pair in zip(whole[-1], cells, strict=True)]
    for states, act, by, targets, rules in whole:
        offices = by.replace("every office", EVERY_OFFICE)
        for state in states.split():
            yield state, act, set(offices.split()), set(targets.split()) - {"-"}, [r for r in rules.split() if r != "-"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_machine_declares_what_the_table_says(kind: str) -> None:
    told = {(state, act): (targets, rules) for state, act, _by, targets, rules in rows(kind)}
    declared = {
        (source, step.act.name): (set(step.targets), [rule.code for rule in step.act.rules])
        for step in lawgraph.steps(KINDS[kind])
        for source in step.sources
        if step.act.name not in watch.EVERYWHERE
    }
    assert declared == told


@pytest.mark.django_db
def test_every_act_in_every_state_does_what_the_table_says(tmp_path: Path) -> None:
    survey = Survey()
    traveller = fresh_application()
    survey.follow(traveller)
    for reached in road.whole_road(traveller):
        if reached == S.ON_NOTICE:
            asides.object_and_answer(traveller)
        if reached == S.FILED:
            untouched = traveller.project
            with never_happened():
                asides.enter_late(traveller)
            traveller.project = untouched
        if reached == S.APPROVED and not traveller.project.family.filter(kind="household_batch").exists():
            asides.pay_households(traveller)
        if reached == S.BUILDING:
            with never_happened():
                asides.cut_a_term(traveller)
        if reached == S.UNDER_AUDIT:
            asides.audit_with_findings(traveller)
        if reached == S.UNDER_ACCEPTANCE:
            asides.through_rectification(traveller)
    assert survey.states == {(kind, state) for kind, states in STATES.items() for state in states.values}
    offices = {(kind, state, act): by for kind in KINDS for state, act, by, _to, _rules in rows(kind)}
    assert survey.offices == offices

    for number, (levels, checks, acceptance) in enumerate(OTHER_COUNTIES):
        book = counties.rulebook(
            tmp_path, f"county-{number}", tranches=(counties.TRANCHE,),
            review={"levels": levels}, checks={"order": checks}, acceptance={"levels": acceptance},
        )  # fmt: skip
        elsewhere = fresh_application(rulebook=book)
        elsewhere.watch = survey.watch
        for _reached in road.whole_road(elsewhere):
            pass
    asides.uphold_at_every_level(survey.watch)
    asides.refund(walker := project_at(S.UNDER_AUDIT))
    survey.watch(walker.steps[-1])
    # A probing traveller's bank returns his first payment.
    unlucky = fresh_application()
    unlucky.probing, unlucky.watch = True, survey.watch
    walk_on(unlucky, until=lambda reached: reached == S.PROCURING)
    leads = {(kind, state, act): to for kind in KINDS for state, act, _by, to, _rules in rows(kind)}
    assert {place: to for place, to in survey.targets.items() if leads[place]} == {
        place: to for place, to in leads.items() if to
    }
    # Acts after which the case stays were each done somewhere, and it stayed.
    stayed = {(kind, act) for (kind, state, act), to in survey.targets.items() if to == {state}}
    assert {(kind, act) for (kind, _state, act), to in leads.items() if not to} <= stayed
