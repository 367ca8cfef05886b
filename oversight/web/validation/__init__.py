"""What regulations ask, where it is met and which tests prove it: for the help, the documents and the pack."""
