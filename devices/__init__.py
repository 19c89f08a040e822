"""What is plugged in: cameras, treadmills, inertial sensors, sound, and their simulations.

`readings` holds the frozen records that devices deliver, in SI units on one monotonic clock;
`link_thread` is the one thread that reads a device and goes on after an unplugging, over the
`transport`s of serial ports and TCP.

May import: config.
"""
