"""What falls due over many workbooks: read, counted, put on sheets, into JSON and into a calendar file."""
