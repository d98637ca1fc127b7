"""A hash-chained record of what was done with which inputs, and the proof that nobody changed it afterwards."""
