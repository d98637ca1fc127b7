"""Letters to PDF: converted by an office program, read back, published; and one file of all for duplex printing."""
