"""Determinations → result sheets, described once as plans; writers apply them."""
