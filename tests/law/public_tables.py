"""The tables of what the public reads and says, and of what auditors say of it; read as those in test_machines.py."""

from __future__ import annotations

NOTICE = """
prepared                           | post               | programme township     | -                    | N-09 N-10 N-11
                                   |                    | village                |                      |
prepared                           | start              | programme              | running              | N-05 N-14 N-16
running                            | raise_objection    | every office public    | -                    | N-13 N-21
running                            | answer             | programme              | running void         | N-12
running                            | refer              | discipline programme   | -                    | N-12
running                            | ask_waiver         | programme township     | -                    | N-17 N-18 N-19
                                   |                    | village                |                      |
running                            | grant_waiver       | leading_group          | -                    | N-20 N-19
running                            | refuse_waiver      | leading_group          | -                    | N-20
running                            | close              | programme              | closed               | N-06 N-05 N-07
                                   |                    |                        |                      | N-15
prepared running                   | void               | programme              | void                 | -
prepared running                   | attach             | programme township     | -                    | -
                                   |                    | village                |                      |
"""

COMPLAINT = """
received                           | accept             | discipline programme   | investigating        | B-02
received                           | decline            | discipline programme   | declined             | -
investigating                      | extend             | leading_group          | -                    | B-03 B-05 B-04
investigating                      | conclude           | discipline programme   | answered             | B-07 B-06
                                   |                    | township               |                      |
received investigating             | refer              | discipline programme   | referred             | -
received investigating             | attach             | discipline programme   | -                    | -
                                   |                    | township               |                      |
"""

RED_FLAG = """
raised                             | adopt              | audit discipline       | adopted              | V-03 V-04
raised                             | dismiss            | audit discipline       | dismissed            | V-03 V-04
"""

LATE_ENTRY = """
asked                              | approve            | audit discipline       | approved             | E-08 E-09 E-11
                                   |                    | leading_group          |                      | E-02
                                   |                    | programme township     |                      |
asked                              | refuse             | audit discipline       | refused              | E-08 E-09
                                   |                    | leading_group          |                      |
                                   |                    | programme township     |                      |
approved                           | enter              | every office           | entered              | E-10 E-11 E-12
asked approved                     | lapse              | clock                  | lapsed               | -
"""
