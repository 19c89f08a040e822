"""The facts that the sections of the report show, one subject each; templates draw them.

May import: realtime.review, realtime.session, realtime.metrics, realtime.records, devices,
config.
"""
