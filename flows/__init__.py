"""The pipeline: files in, a checked database out.

Belongs here: snapshots, parsing in child processes, the record, the loader, the published database, the Prefect flow.
Does not belong here: what a document says (`parsers`), what is wrong with it (`checks`), what a column means
(`schemas.database.tables`), words for the command line (`gouji`).

A run goes through these modules in this order: `home`, `lock`, `files`, `store` and `snapshots` (what is there and new),
`batches`, `pool`, `worker`, `rows` and `staged` (parse and check), `loading` (validate), `record` (commit), `warehouse` and
`publishing` (publish). `steps` are these in order, `ingest` puts them under Prefect, `run` is what other rooms call;
`doctor` looks a home over.
"""
