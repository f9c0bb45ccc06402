"""Every route with every account, compared with one declared table.

`+` served or answered on the page, `→` to the login, `3` forbidden (403), `4` as if it did not exist
(404), `5` wrong method (405). What an account may do once served, the law says in its own tests.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from approvals import auditing, ordering, payouts
from approvals.demo.sheets import sheet
from approvals.views.login import login_as
from tests.desks.accounts import COLUMNS, cast
from tests.desks.addresses import addresses, public_addresses
from tests.factories import fresh_application, project_at
from workflows.models import Person
from workflows.states import ProjectState as S

HEAD = " ".join(COLUMNS.values())

TABLE = """
route                         ·· vi ov to ot pr fi ro wa lg pc sv au di ad sy se su re
queue                    GET  →  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  →
queue                    POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
login                    GET  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
login                    POST +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
logout                   GET  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
logout                   POST +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
bulk                     GET  →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
bulk                     POST →  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  →
claim                    GET  →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
claim                    POST →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
release                  GET  →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
release                  POST →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
hand-over                GET  →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
hand-over                POST →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
projects                 GET  →  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  →
projects                 POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
project-new              GET  →  +  +  3  3  3  3  3  3  3  3  3  3  3  3  3  3  3  →
project-new              POST →  +  +  3  3  3  3  3  3  3  3  3  3  3  3  3  3  3  →
case                     GET  →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
case                     POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
case of a draft          GET  →  +  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  →
case of a draft          POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
edit                     GET  →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
edit                     POST →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
edit of a draft          GET  →  +  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  →
edit of a draft          POST →  +  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  →
act                      GET  →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
act                      POST →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
act on a draft           GET  →  +  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  →
act on a draft           POST →  +  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  →
open                     GET  →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
open                     POST →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
file                     GET  →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
file                     POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
file of another case     GET  →  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  →
file of another case     POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
orders                   GET  →  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  →
orders                   POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
orders-csv               GET  →  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  →
orders-csv               POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
order-paper              GET  →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
order-paper              POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
order-closing            GET  →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
order-closing            POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
audit-notice             GET  →  +  4  +  4  +  +  +  +  +  +  +  +  +  +  4  4  4  →
audit-notice             POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
audit-report             GET  →  +  4  +  4  +  +  +  +  +  +  +  +  +  +  4  4  4  →
audit-report             POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
people                   GET  →  3  3  3  3  3  3  3  3  3  3  3  3  3  3  +  +  3  →
people                   POST →  3  3  3  3  3  3  3  3  3  3  3  3  3  3  +  +  3  →
accounts                 GET  →  3  3  3  3  3  3  3  3  3  3  3  3  3  3  +  3  3  →
accounts                 POST →  3  3  3  3  3  3  3  3  3  3  3  3  3  3  +  3  3  →
first-password           GET  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
first-password           POST +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
leaving                  GET  →  3  3  3  3  3  3  3  3  3  3  3  3  3  3  3  +  3  →
leaving                  POST →  3  3  3  3  3  3  3  3  3  3  3  3  3  3  3  +  3  →
hand-over-sheet          GET  →  3  3  3  3  3  3  3  3  3  3  3  3  3  3  3  4  3  →
hand-over-sheet          POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
my-posts                 GET  →  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  →
my-posts                 POST →  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  →
take-back                GET  →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
take-back                POST →  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  →
payments                 GET  →  3  3  3  3  3  +  3  3  3  3  3  3  3  3  3  3  3  →
payments                 POST →  3  3  3  3  3  +  3  3  3  3  3  3  3  3  3  3  3  →
payment-make             GET  →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
payment-make             POST →  3  3  3  3  3  +  3  3  3  3  3  3  3  3  3  3  3  →
payment-file             GET  →  3  3  3  3  3  4  3  3  3  3  3  3  3  3  3  3  3  →
payment-file             POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
payment-take-out         GET  →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
payment-take-out         POST →  3  3  3  3  3  4  3  3  3  3  3  3  3  3  3  3  3  →
case-responsibility      GET  →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
case-responsibility      POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
statement                GET  →  +  4  4  4  4  4  4  4  4  4  4  +  +  +  4  +  4  →
statement                POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
statement-csv            GET  →  +  4  4  4  4  4  4  4  4  4  4  +  +  +  4  +  4  →
statement-csv            POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
case-money               GET  →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
case-money               POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
case-money-pdf           GET  →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
case-money-pdf           POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
money                    GET  →  3  3  3  3  +  +  3  3  +  3  3  +  +  +  3  3  3  →
money                    POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
money-csv                GET  →  3  3  3  3  +  +  3  3  +  3  3  +  +  +  3  3  3  →
money-csv                POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
source-new               GET  →  3  3  3  3  3  +  3  3  3  3  3  3  3  3  3  3  3  →
source-new               POST →  3  3  3  3  3  +  3  3  3  3  3  3  3  3  3  3  3  →
source                   GET  →  4  4  4  4  +  +  4  4  +  4  4  +  +  +  4  4  4  →
source                   POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
source-act               GET  →  4  4  4  4  3  +  4  4  3  4  4  3  3  3  4  4  4  →
source-act               POST →  4  4  4  4  3  +  4  4  3  4  4  3  3  3  4  4  4  →
household-lines          GET  →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
household-lines          POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
household-load           GET  →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
household-load           POST →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
household-board          GET  →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
household-board          POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
household-blank          GET  →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
household-blank          POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
urge                     GET  →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
urge                     POST →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
copy                     GET  →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
copy                     POST →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
copies                   GET  →  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  →
copies                   POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
copy-read                GET  →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
copy-read                POST →  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  →
notifications            GET  →  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  →
notifications            POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
notifications-read       GET  →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
notifications-read       POST →  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  →
notification-read        GET  →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
notification-read        POST →  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  →
notification-settings    GET  →  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  →
notification-settings    POST →  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  →
mail-log                 GET  →  3  3  3  3  3  3  3  3  3  3  3  3  3  3  +  3  3  →
mail-log                 POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
set_language             GET  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
set_language             POST +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
inspection:dossier       GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  4  3  →
inspection:dossier       POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
audit:search             GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
audit:search             POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
audit:export             GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
audit:export             POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
audit:access             GET  →  3  3  3  3  3  3  3  3  3  3  3  3  3  +  3  +  3  →
audit:access             POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
audit:access-export      GET  →  3  3  3  3  3  3  3  3  3  3  3  3  3  +  3  +  3  →
audit:access-export      POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
audit:entry              GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
audit:entry              POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
audit:case               GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
audit:case               POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
inspection:asof          GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
inspection:asof          POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
inspection:asof-csv      GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
inspection:asof-csv      POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
inspection:asof-money    GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
inspection:asof-money    POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
inspection:asof-case     GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
inspection:asof-case     POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
inspection:compare       GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
inspection:compare       POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
audit:export-as          GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
audit:export-as          POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
audit:models             GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
audit:models             POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
audit:model              GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
audit:model              POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
audit:checkpoints        GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
audit:checkpoints        POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
audit:checkpoint         GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
audit:checkpoint         POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
audit:checkpoint-note    GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
audit:checkpoint-note    POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
audit:proof              GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
audit:proof              POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
inspection:checks        GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
inspection:checks        POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
inspection:checks-export GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
inspection:checks-export POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
inspection:flags         GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
inspection:flags         POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
inspection:flags-csv     GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
inspection:flags-csv     POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
inspection:flag          GET  →  3  3  3  3  3  3  3  3  3  3  3  4  4  4  3  4  3  →
inspection:flag          POST →  3  3  3  3  3  3  3  3  3  3  3  4  4  4  3  4  3  →
public:home              GET  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
public:home              POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
public:notice            GET  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
public:notice            POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
public:notices-json      GET  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
public:notices-json      POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
public:projects          GET  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
public:projects          POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
public:projects-csv      GET  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
public:projects-csv      POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
public:projects-json     GET  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
public:projects-json     POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
public:project           GET  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
public:project           POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
public:project-json      GET  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
public:project-json      POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
public:board             GET  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
public:board             POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
public:supervision       GET  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
public:supervision       POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
public:picture           GET  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
public:picture           POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
public:project of a draft GET  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4
public:project of a draft POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
public:picture of a draft GET  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4
public:picture of a draft POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
public:object            GET  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
public:object            POST +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
public:complain          GET  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
public:complain          POST +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
public:receipt           GET  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
public:receipt           POST +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +  +
public:complain on a draft GET  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4
public:complain on a draft POST 4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4
case-board               GET  →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
case-board               POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
"""


def routes(patterns: Sequence[URLPattern | URLResolver] | None = None, space: str = "") -> Iterator[str]:
    """The name of every route, with its namespace."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, f"{space}{one.namespace}:" if one.namespace else space)
        else:
            yield f"{space}{one.name}"


def mark(client: Client, method: str, address: str, form: dict[str, Any]) -> str:
    answer = client.get(address) if method == "GET" else client.post(address, form)
    # A file is closed when it has been read to its end.
    for _chunk in answer:
        pass
    if answer.status_code == 302 and answer["Location"].startswith(reverse("login")):
        return "→"
    assert answer.status_code < 500, address
    return {403: "3", 404: "4", 405: "5"}.get(answer.status_code, "+")


@pytest.mark.django_db
def test_every_account_at_every_route_gets_what_the_table_says() -> None:
    t = project_at(S.FILED)
    draft = fresh_application()
    known = project_at(S.APPROVED)
    known.do(
        "attach", seat="village", data={"paper": "photos"}, files=[sheet(name="现场", lines=("现场",), suffix=".png")]
    )
    order = ordering.rectify(known)
    ordering.close_order(known, order)
    batch = payouts.open_batch(known, payouts.household(1))
    audit = auditing.thorough(project_at(S.UNDER_AUDIT), until="drafted")
    people = cast(t)
    clients = {name: Client() for name in COLUMNS}
    rows = [f"{'route':<24} {'':<4} {HEAD}"]
    public: dict[str, tuple[str, dict[str, Any]]] = {
        asked: (address, {}) for asked, address in public_addresses(known.project, draft.project).items()
    }
    for asked, (address, form) in {**addresses(t, draft, batch, order, audit), **public}.items():
        for method in ("GET", "POST"):
            marks = []
            for name, client in clients.items():
                if (person := people[name]) is not None:
                    client.force_login(person)
                marks.append(mark(client, method, address, form))
            rows.append(f"{asked:<24} {method:<4} {'  '.join(marks)}")
    assert set(rows) ^ set(TABLE.strip().splitlines()) == set()


def test_no_route_is_missing_from_the_table() -> None:
    listed = {line.split(" ")[0] for line in TABLE.strip().splitlines()}
    assert set(routes()) - listed == set()


@pytest.mark.django_db
def test_without_the_demo_nobody_logs_in_with_one_click(rf: RequestFactory) -> None:
    Person.objects.create_user("somebody", None, name="某人")
    with pytest.raises(NoReverseMatch):
        reverse("login-as")
    with pytest.raises(Http404):
        login_as(rf.post("/login/as/", {"username": "somebody"}))
    assert "somebody" not in Client().get(reverse("login")).content.decode()


def test_the_demo_alone_routes_the_login_with_one_click() -> None:
    asked = "from django.urls import get_resolver; print('login-as' in get_resolver().reverse_dict)"
    for demo, found in (("", "False"), ("1", "True")):
        code = f"import django; django.setup(); {asked}"
        environment = {**os.environ, "DEMO": demo, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        assert told.stdout.strip() == found
