"""Determinations to letters: which letter a case allows, what it says, and the .docx that says it completely."""
