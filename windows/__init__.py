"""The folder for Windows: everything that a clerk's office needs to run the checks, without Python, network or rights.

Belongs here: how the folder, its zip and its installer are made on any system (`parts`, `folder`, `licences`, `packing`),
the files that lie in it as they are (`files/`), and what only runs in it (`clerk`).
Does not belong here: anything of the checks. The folder holds the program as it is; nothing below imports this room.

It is a room at the top because it stands beside the program and not in it: `pip install gouji` has no use for it.
"""
