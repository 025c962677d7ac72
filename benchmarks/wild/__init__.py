"""A second generator of reports, and a judge that sees only what the commands print.

Belongs here: documents drawn by people who know the forms and the published interface (`form`, `bodies`, `figures`,
`report`), ways to put them on a page (`css`, `word`, `text`, `saved`, `sentences`, `workbook`), and counting (`judge`,
`tally`). Does not belong here: anything imported from `parsers`, `checks` or `data.generator`. What is measured here is
worth something only as long as these modules do not know how the reader works.
"""
