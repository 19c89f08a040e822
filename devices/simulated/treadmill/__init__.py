"""A simulated treadmill: real frames of its maker's protocol on a real serial or TCP port.

`simulated_treadmill` moves the belt, `machines` speak, `ports` carry the bytes, `faults`
damage them.

May import: devices, config.
"""
