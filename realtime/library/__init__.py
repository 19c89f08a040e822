"""Sessions as a collection: finished, recovered, salvaged, anonymised, deleted, mailed.

`finish` makes strides.csv and the report from a database; `recover` finds sessions that were
cut off; `runners` knows who ran before. One session on disk is `hipcue.realtime.session`.

May import: realtime.review, realtime.session, realtime.records, config.
"""
