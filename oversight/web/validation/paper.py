"""Paper for the validation pack: PDF/A with its fonts, a foot on each page, and tables that go on under their head."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from fpdf import FPDF, FontFace
from fpdf.enums import DocumentCompliance, TableBordersLayout

FONTS = Path(__file__).parent / "fonts"
INK, MUTED, LINE, HEAD = (21, 27, 35), (84, 96, 110), (198, 205, 213), (236, 240, 244)
TONES = {"Passed": (17, 99, 60), "Failed": (170, 24, 32), "Not run": (138, 84, 0), "Gap": (138, 84, 0)}
SIZE = 8.5
NARROW = 15  # millimetres of margin


class Paper(FPDF):
    """A4, upright; `title` and `release` stand in the foot."""

    def __init__(self, *, title: str, release: str, at: datetime) -> None:
        super().__init__(format="A4", enforce_compliance=DocumentCompliance.PDFA_2U)
        self.release = release
        for style, name in (("", "inter-regular"), ("B", "inter-semibold")):
            self.add_font("Inter", style, FONTS / f"{name}.ttf")
        self.set_title(title)
        self.set_lang("en-GB")
        self.set_author("Oversight")
        self.set_creation_date(at)
        self.set_margins(NARROW, NARROW)
        self.set_auto_page_break(True, margin=18)
        self.set_draw_color(*LINE)

    def footer(self) -> None:
        """Title, release and page x of y."""
        self.set_y(-13)
        self._ink(7.5, colour=MUTED)
        self.cell(0, 5, f"{self.title} · {self.release}")
        self.set_x(NARROW)
        self.cell(0, 5, f"Page {self.page_no()} of {{nb}}", align="R")

    def chapter(self, words: str, *, on_a_new_page: bool = True) -> None:
        """A heading that stands in the outline, too."""
        if on_a_new_page:
            self.add_page()
        self.start_section(words)
        self._ink(15, "B")
        self.multi_cell(0, 8, words, new_x="LMARGIN", new_y="NEXT")
        self.ln(1)

    def says(self, words: str, *, size: float = 9.5, style: str = "", colour: tuple[int, int, int] = INK) -> None:
        """A paragraph."""
        self._ink(size, style, colour=colour)
        self.multi_cell(0, size * 0.5, words, align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(1.5)

    def lists(self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
        """A table; its head is said again on each page, and a verdict bears its colour besides its word."""
        self._ink(SIZE)
        tones = {word: FontFace(emphasis="BOLD", color=colour) for word, colour in TONES.items()}
        with self.table(
            col_widths=tuple(widths),
            text_align="LEFT",
            first_row_as_headings=True,
            line_height=4,
            padding=(1.2, 1.4),
            v_align="TOP",
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            headings_style=FontFace(emphasis="BOLD", color=INK, fill_color=HEAD),
            width=self.epw,
        ) as table:
            table.row(head)
            for row in rows:
                line = table.row()
                for words in row:
                    line.cell(words, style=tones.get(words))
        self.ln(3)

    def _ink(self, size: float, style: str = "", colour: tuple[int, int, int] = INK) -> None:
        self.set_font("Inter", style, size)
        self.set_text_color(*colour)
