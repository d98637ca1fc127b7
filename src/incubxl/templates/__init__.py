"""Packs to workbook layouts: the register workbook that an office fills in, built from the measure's own data."""
