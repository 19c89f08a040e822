"""What can be set: typed, ranged, commented settings and the tables that ship with hipcue."""
