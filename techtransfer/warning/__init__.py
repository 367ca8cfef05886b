"""Early warning: steps that are likely to end late, before anybody has moved their date.

`learning` and `likelihood` are arithmetic and know no Django; the rest reads and writes the records beside them.
"""
