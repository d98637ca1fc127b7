"""Outputs appear whole or not at all, under names that never collide."""
