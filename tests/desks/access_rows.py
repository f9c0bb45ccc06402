"""Who opens what: every route with every account, as the test reads it."""

from __future__ import annotations

#: `+` served or answered on the page, `→` to the login, `3` forbidden, `4` as if it did not exist, `5` wrong method.
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
late-enter               GET  →  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  →
late-enter               POST →  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  4  →
late-enter of a request  GET  →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
late-enter of a request  POST →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
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
vacant                   GET  →  3  3  3  3  3  3  3  3  3  3  3  3  3  3  +  +  3  →
vacant                   POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
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
statement-pdf            GET  →  +  4  4  4  4  4  4  4  4  4  4  +  +  +  4  +  4  →
statement-pdf            POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
case-money               GET  →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
case-money               POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
case-money-csv           GET  →  +  4  +  4  +  +  +  +  +  +  4  +  +  +  4  4  4  →
case-money-csv           POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
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
source-csv               GET  →  4  4  4  4  +  +  4  4  +  4  4  +  +  +  4  4  4  →
source-csv               POST →  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  →
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
inspection:dossier       POST →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  4  3  →
inspection:dossier-zip   GET  →  3  3  3  3  3  3  3  3  3  3  3  4  4  4  3  4  3  →
inspection:dossier-zip   POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
audit:search             GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
audit:search             POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
audit:saved-new          GET  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
audit:saved-new          POST →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
audit:saved-change       GET  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
audit:saved-change       POST →  3  3  3  3  3  3  3  3  3  3  3  4  4  4  3  4  3  →
audit:saved-drop         GET  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
audit:saved-drop         POST →  3  3  3  3  3  3  3  3  3  3  3  4  4  4  3  4  3  →
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
inspection:overview      GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
inspection:overview      POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
inspection:time          GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
inspection:time          POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
inspection:time-csv      GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
inspection:time-csv      POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
inspection:time-stage    GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
inspection:time-stage    POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
inspection:time-stage-csv GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
inspection:time-stage-csv POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
inspection:timeline      GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
inspection:timeline      POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
inspection:person        GET  →  3  3  3  3  3  3  3  3  3  3  3  +  +  +  3  +  3  →
inspection:person        POST 5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5  5
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
