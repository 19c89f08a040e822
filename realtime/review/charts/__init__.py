"""The charts of the report, drawn as SVG: budget, curves, waveforms, stick figures, strips.

Each takes facts and returns one drawing; every text in it is escaped.

May import: realtime.review, realtime.session, realtime.records.
"""
