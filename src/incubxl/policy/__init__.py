"""A measure as data: model, strict loading, lint. No files are opened here; packs arrive as text."""
