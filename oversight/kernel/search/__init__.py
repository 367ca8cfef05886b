"""One search over all records, through functions of the database."""
