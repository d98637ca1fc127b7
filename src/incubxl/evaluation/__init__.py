"""Criteria over columns: every operator maps a register's columns to a column of verdicts, with reasons per row."""
