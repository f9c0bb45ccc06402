"""A list of households as it comes and as it is judged: workbook, numbers, rates, masks. No database but to compare."""
