"""The command line: `cli` holds the words, and every command is a file.

A command opens devices or sessions, hands them to `hipcue.realtime.run` or to the library,
and says in one line what a user can mend.

May import: realtime.run, realtime.library, realtime.review, realtime.view,
realtime.session, realtime.engine, realtime.vision, realtime.records, devices, config.
"""
