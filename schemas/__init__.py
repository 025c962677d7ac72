"""What a report is: forms, codes, labels, facts, findings, tables.

Belongs here: the statutory forms as data (`forms/*.toml`), the meaning of labels, the plain typed objects that
travel between the rooms, the arithmetic of a form's identities, and the one description of every warehouse column.
Does not belong here: reading documents (`parsers`), judging figures (`checks`), running anything (`flows`).

This room imports none of the others. `tables` imports pandera only inside the function that needs it.
"""

VERSION = "0.1.0"
