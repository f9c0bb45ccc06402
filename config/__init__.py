"""Wiring: settings, routes, servers. May import everyone; nobody imports it."""
