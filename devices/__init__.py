"""What is plugged in: cameras, treadmills, inertial sensors, sound, and their simulations."""
