"""The Excel add-in as data: read ``macros/``, check it, pack it into ``incubxl.xlam``. No Excel, no xlwings, no clock.

``read_sources(folder)`` → ``Sources``; ``lint(sources)`` → findings; ``build(sources)`` → the bytes of the .xlam.
"""
