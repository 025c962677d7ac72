"""The database, described once: every table, view and column of the warehouse.

Belongs here: what `flows` loads rows into and analysts query. Does not belong here: what a report is (the rooms beside it),
how rows are made and loaded (`flows`).
"""
