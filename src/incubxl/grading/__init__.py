"""Grades from the year's own scheme, which stands in the workbook: points, totals, bands, quotas, vetoes."""
