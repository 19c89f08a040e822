"""What the runner hears: tones made here, speech rendered before the run, one mixer.

`Sound` plays cues from its own thread; `render_phrases` makes speech files in a child
process; `list_outputs` names the loudspeakers there are.
"""

from devices.sound.mixer import Played, Sound, SoundOrder
from devices.sound.outputs import list_outputs
from devices.sound.speech import render_phrases

__all__ = ["Played", "Sound", "SoundOrder", "list_outputs", "render_phrases"]
