"""疑点 across applicants: shown with their rows, never decided."""
