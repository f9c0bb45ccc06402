"""The county's plan: read from a workbook, checked whole, then stored."""
