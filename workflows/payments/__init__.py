"""Payment to the bank and back: orders, the file that goes out, the results that come in."""
