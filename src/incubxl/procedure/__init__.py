"""Stages, duties and sanctions of a measure against a register's history."""
