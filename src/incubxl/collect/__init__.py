"""Forms out and back: locked workbooks for applicants and districts, their returns read, compared and merged."""
