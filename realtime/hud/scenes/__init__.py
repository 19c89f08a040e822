"""Whole screens, coach, runner and set-up: where each widget lies, and what it shows.

May import: realtime.hud.widgets, realtime.hud.facts, realtime.hud.draw, realtime.view,
realtime.records, config.
"""
