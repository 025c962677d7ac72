"""What only runs in the Windows folder: files dropped on 勾稽核对, the page that opens, the links in *Send to*.

Belongs here: how a person who knows no command line comes to a check and to its result. Does not belong here: the check
(`gouji.commands.check`), the page (`gouji.show`).

Nothing here needs a window of its own, or a console: `desktop` knows Windows, all else runs and is tested anywhere.
"""
