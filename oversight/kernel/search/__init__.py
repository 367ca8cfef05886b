"""One search over all records, through functions of the database that keep to the scope by themselves."""
