"""The parts that scenes are made of: each draws one thing into a rectangle.

May import: realtime.hud.draw, realtime.hud.facts, realtime.hud.input, realtime.view,
realtime.gait, realtime.records, devices, config.
"""
