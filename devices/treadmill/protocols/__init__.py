"""Wire protocols of treadmills: pure parsers, one file a protocol, and the table of them.

A parser takes bytes however they were cut and gives belt samples; where a machine must be
asked, it gives the question. No port and no clock.

May import: devices, config.
"""
