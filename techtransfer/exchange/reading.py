"""From the bytes of a file to a plan, whichever of the three formats it is in."""

from .content import CSV, XLSX, XML, kind_of
from .csv_in import read_csv
from .mspdi_in import read_mspdi
from .values import PlanFile
from .xlsx_in import read_xlsx

READERS = {CSV: read_csv, XLSX: read_xlsx, XML: read_mspdi}


def read_plan_file(content: bytes) -> PlanFile:
    """The plan that the content tells; raises FileRefused with a sentence where it tells none."""
    return READERS[kind_of(content)](content)
