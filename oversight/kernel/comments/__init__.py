"""What people say about a record, internal or shared."""
