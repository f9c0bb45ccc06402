"""The table of the special audit; read as those in test_machines.py."""

from __future__ import annotations

SPECIAL_AUDIT = """
notified                           | approve_at_once    | audit                  | -                    | A-23
notified fieldwork                 | exchange_member    | audit                  | -                    | A-22 A-07 A-08
notified                           | begin_fieldwork    | audit                  | fieldwork            | A-03
fieldwork                          | draw_sample        | audit discipline       | -                    | A-09 A-26 A-18
                                   |                    | finance                |                      |
fieldwork                          | record_finding     | audit discipline       | -                    | A-09 A-28
                                   |                    | finance                |                      |
fieldwork drafted                  | withdraw_finding   | audit discipline       | -                    | A-17
                                   |                    | finance                |                      |
fieldwork                          | sign_section       | audit discipline       | -                    | A-06 A-09
                                   |                    | finance                |                      |
fieldwork                          | add_note           | audit discipline       | -                    | A-16 A-09
                                   |                    | finance                |                      |
fieldwork                          | draft              | audit                  | drafted              | A-04
drafted                            | support            | village                | -                    | A-10 A-27
drafted                            | answer             | village                | -                    | A-10 A-11 A-12
drafted                            | hear_silence       | clock                  | -                    | -
drafted                            | respond            | audit                  | -                    | A-13 A-14
drafted                            | conclude           | audit                  | reported             | A-05 A-15 A-29
reported                           | settle_finding     | audit                  | -                    | A-19 A-20
notified fieldwork drafted         | attach             | audit discipline       | -                    | -
                                   |                    | finance village        |                      |
"""
