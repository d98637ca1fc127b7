"""The workbooks of several years under one measure as one history: results, sanctions, bans, money."""
