"""The year's package: everything of the runs in one file that can be checked by itself."""
