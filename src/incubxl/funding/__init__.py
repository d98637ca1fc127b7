"""Money: what each item pays, which limit binds, what is missing and what is left to the office."""
