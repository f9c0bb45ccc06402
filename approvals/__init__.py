"""The desks: whose turn it is."""
