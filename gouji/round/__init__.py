"""A round of checking is a folder: drafts come in, are returned, come again, until everyone is through.

Belongs here: what is remembered from one check to the next (`state`), which files are the round's drafts (`folder`), which of
several drafts of an office counts (`versions`), what became of each office (`offices`). Does not belong here: checking
(`checks`, `batch`), what the outputs look like (`show`, `word`), arguments (`commands.round`).
"""
