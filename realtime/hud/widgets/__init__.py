"""The parts that scenes are made of: each draws one thing into a rectangle.

May import: realtime.hud.input, realtime.hud.facts, realtime.hud.draw, realtime.view,
realtime.gait, realtime.records, devices, config.
"""
