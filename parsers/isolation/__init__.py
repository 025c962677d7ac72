"""Work on files in child processes, with limits on time and memory.

Belongs here: what keeps a file that hangs, crashes or eats memory from taking the caller with it. Does not belong
here: what the work is.
"""
