"""The live shell: the open workbook in Excel. Only here xlwings is imported; all thinking is in the core."""
