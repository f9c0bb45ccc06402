"""The keys of the rulebook's red flags in words."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

KEYS = {
    "flags": pgettext_lazy("rulebook", "red flags"),
    "split_below_permille_max": pgettext_lazy("rulebook", "just below a threshold, up to"),
    "split_count_min": pgettext_lazy("rulebook", "purchases just below it at least"),
    "winner_share_permille_max": pgettext_lazy("rulebook", "one winner's share of the awards up to"),
    "winner_awards_min": pgettext_lazy("rulebook", "awards to share at least"),
    "decided_seconds_min": pgettext_lazy("rulebook", "seconds to a decision at least"),
    "burst_acts_max": pgettext_lazy("rulebook", "decisions in a burst at most"),
    "burst_minutes": pgettext_lazy("rulebook", "minutes of a burst"),
    "night_from_hour": pgettext_lazy("rulebook", "night from (hour)"),
    "night_until_hour": pgettext_lazy("rulebook", "night until (hour)"),
    "off_hours_acts_min": pgettext_lazy("rulebook", "decisions off hours at least"),
    "year_end_days": pgettext_lazy("rulebook", "last days of the year"),
    "year_end_share_permille_max": pgettext_lazy("rulebook", "share of the last days up to"),
    "year_end_acts_min": pgettext_lazy("rulebook", "claims or payments of the year at least"),
    "returns_max": pgettext_lazy("rulebook", "returns of one case at most"),
    "idle_days_max": pgettext_lazy("rulebook", "days unmoved at most"),
    "hands_share_permille_max": pgettext_lazy("rulebook", "share of one pair of hands up to"),
    "hands_payments_min": pgettext_lazy("rulebook", "payments to share at least"),
    "order_overdue_days_min": pgettext_lazy("rulebook", "days overdue at least"),
    "listed_twice_min": pgettext_lazy("rulebook", "persons on both lists at least"),
    "late_entries_max": pgettext_lazy("rulebook", "late entries of one desk in a year at most"),
    "deceased_months_max": pgettext_lazy("rulebook", "months paid after death at most"),
}
