"""Marker files of laboratories and pose programs: read, named, turned into poses."""
