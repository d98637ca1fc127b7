"""The measures, as data. No Python lives here."""
