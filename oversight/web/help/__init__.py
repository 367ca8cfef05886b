"""Help in the product: a page for each role, the glossary, what each clock means; and the gallery of components."""
