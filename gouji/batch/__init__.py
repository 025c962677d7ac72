"""Many drafts at once, and what people keep beside them: rosters, reasons, rounds, last year's reports.

Belongs here: which files, read how, and what a person has brought to them. Does not belong here: how results look
(`show`), summing up (`summing`).
"""
