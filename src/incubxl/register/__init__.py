"""Grid + pack → typed facts, tables, officers' inputs and the issues found on the way."""
