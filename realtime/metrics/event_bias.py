"""What all contacts, and all toe-offs, of one body are off by in the same way.

A heel meets the belt a little before or after the plate feels 50 N, by how somebody lands,
by their shoes and by where the model or the laboratory put the heel. In the time of a stride
it cancels; in the time of a contact it does not, and more strides do not make it smaller.

Between bodies, root mean square, seen against plates and rendered truth, after each leg has
learnt where its events lie (`hipcue.realtime.gait.event_offset`). From pictures, six films of
five bodies: contact -4 to +13 ms (5), toe-off -15 to +10 (8), contact time -12 to +9 (7).
From markers, three runners of three laboratories: contact time -17 to +5 ms (10).
"""

from __future__ import annotations

# s, by whether the joints come from markers. Few bodies make what was seen wider (Student's t
# against 1.65): our choice, by half for pictures and by a third for markers.
CONTACT_S = {False: 0.008, True: 0.010}
TOE_OFF_S = {False: 0.009, True: 0.009}
CONTACT_TIME_S = {False: 0.010, True: 0.013}
