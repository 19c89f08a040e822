"""Printed square tags on waistband and ribs: reading them and printing them.

`reader` finds them and turns them into angles, from the edges that `edges` fits; `sheet` and
`drawing` print them true to scale.

May import: realtime.gait, realtime.records, devices, config.
"""
