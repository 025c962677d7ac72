"""Collecting: from the operator's list of sources to documents, fetched politely and kept.

Belongs here: everything that asks another machine for a page, and what is concluded from where a page stood.
Does not belong here: what a document says (`parsers`), reading and loading what was kept (the rest of `flows`).

`contract` is what the parts of this room tell one another. `sources` says what is to be collected; `families`, `links`,
`lists` and `discovery` turn a source into candidates; `following` turns a candidate into what holds the report; `standing` weighs
what the place says of body and year. None of them opens a socket: they ask a `Fetcher`.
"""
