"""What others would build the same path with; one lane a file."""
