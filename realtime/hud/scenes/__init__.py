"""Whole screens, coach, runner and set-up: where each widget lies, and what it shows.

May import: realtime.hud.draw, realtime.hud.facts, realtime.hud.widgets, realtime.view,
realtime.records.
"""
