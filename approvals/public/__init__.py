"""The public site: what everybody may read and say, without a name and without a log-in."""
