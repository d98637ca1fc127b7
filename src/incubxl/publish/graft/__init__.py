"""Our result sheets grafted into a copy of the user's workbook; nothing of the user's is changed or lost."""

from incubxl.publish.graft.engine import Target, graft, look

__all__ = ["Target", "graft", "look"]
