"""The rulebook: every policy number of a county, with the article it comes from.

A rulebook is a TOML file. Nothing here touches the database, so a clerk can check a draft
on any machine, and a test can build a county in a few lines.
"""
