"""The commands, one file each.

Belongs here: a command's arguments, the order of its work, what it writes where, its exit status. Does not belong
here: how anything is worked out or shown (the rooms beside this one).
"""
