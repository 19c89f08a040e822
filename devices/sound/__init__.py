"""What the runner hears: tones made here, speech rendered before the run, one mixer.

`Sound` plays cues from its own thread; `render_phrases` makes speech files in a child
process; `list_outputs` and `list_inputs` name the loudspeakers and microphones there are;
`measure_sound_latency` hears how long a loudspeaker takes.

May import: devices, config.
"""

from hipcue.devices.sound.latency import SoundLatency, measure_sound_latency
from hipcue.devices.sound.mixer import Sound
from hipcue.devices.sound.outputs import list_inputs, list_outputs
from hipcue.devices.sound.playback_queue import Played, SoundOrder
from hipcue.devices.sound.speech import SpeechError, render_phrases

__all__ = [
    "Played",
    "Sound",
    "SoundLatency",
    "SoundOrder",
    "SpeechError",
    "list_inputs",
    "list_outputs",
    "measure_sound_latency",
    "render_phrases",
]
