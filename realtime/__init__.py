"""What happens while somebody runs.

    camera ──frames──► vision ──pose, pelvis──► gait ──events, strides──► feedback ──cues──► sound
                                                  ▲                          │
    treadmill ──belt speed (serial)───────────────┘                          ├──► hud
                                                                             └──► session ──► review

Everything between "vision" and "cues" is one pure step, `hipcue.realtime.engine.Engine.step`.
It reads no clock, sleeps never and opens nothing.
"""
