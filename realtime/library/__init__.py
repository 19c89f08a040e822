"""Sessions as a collection: found, finished, recovered, anonymised, mailed."""
