"""Register + as-of date → determinations. Pure: no files, no clock."""
