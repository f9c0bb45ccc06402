"""The rules, one named function each; a file holds those of one subject."""
