"""What drives the engine: live with its threads, from files, in batches, or again from a record.

`stepper` is the one order of belt, commands, pose, engine and recorder; `live_session`,
`offline`, `replay_check` and `belt_delay` all use it. Windows are shown from here.

May import: realtime.library, realtime.hud, realtime.view, realtime.session,
realtime.engine, realtime.vision, realtime.gait, realtime.records, devices, config.
"""
