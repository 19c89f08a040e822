"""Wire protocols of treadmills: pure parsers, one file a protocol, and the table of them."""
