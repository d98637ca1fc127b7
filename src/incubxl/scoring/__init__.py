"""The scoring season: experts assigned with 回避, blind books out and back, the committee's pack."""
