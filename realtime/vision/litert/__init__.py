"""A tracker of our own for the networks of MediaPipe's pose model, run by LiteRT.

`network` runs a file of the model, `detector` finds people in a whole picture, `landmarks`
finds the joints in a square around one of them, `square` is that square, `track` knows where
the runner was and will be, `tracker` puts them together.

The two networks and the numbers they were trained with are MediaPipe's (Apache-2.0; Bazarevsky
et al. 2020, "BlazePose: On-device real-time body pose tracking"); what is between them is ours.

May import: realtime.vision, config.
"""
