"""Many workbooks: one job per workbook, one seam for how jobs are executed."""
