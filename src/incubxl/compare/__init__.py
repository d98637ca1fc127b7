"""Two runs beside each other: what turned over, and by which cause, computed and not guessed."""
