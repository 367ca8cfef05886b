"""The curves are plain drawings: no script, every point where its size and its time put it."""

from pathlib import Path

from defusedxml import ElementTree

from bench.curves import BOTTOM, LEFT, RIGHT, TOP, draw, draw_all

SVG = "{http://www.w3.org/2000/svg}"
CURVE = ((1_000, 0.01), (1_000_000, 0.1))


def test_a_curve_stands_where_its_figures_put_it() -> None:
    drawing = ElementTree.fromstring(draw("P11.list: a list & its growth", 0.33, CURVE, 0.05))
    dots = [(float(dot.get("cx")), float(dot.get("cy"))) for dot in drawing.iter(f"{SVG}circle")]
    assert dots == [(LEFT, BOTTOM), (RIGHT, TOP)]
    goal, curve = (line.get("points") for line in drawing.iter(f"{SVG}polyline"))
    assert (goal, curve) == (f"{LEFT}.0,{BOTTOM}.0 {RIGHT}.0,206.2", f"{LEFT}.0,{BOTTOM}.0 {RIGHT}.0,{TOP}.0")
    said = [text.text for text in drawing.iter(f"{SVG}text")]
    assert said[:2] == ["P11.list: a list & its growth", "exponent 0.33; dashed: goal 0.05"]
    assert said[2:] == ["10 ms", "100 ms", "1,000", "1,000,000"]
    assert {each.tag.removeprefix(SVG) for each in drawing.iter()}.isdisjoint({"script", "image", "use"})


def test_only_what_grows_is_drawn(tmp_path: Path) -> None:
    plain = {"id": "P14", "figure": "save", "value": 1.5, "curve": [], "goal": 1.8}
    grown = {"id": "P11.list", "figure": "list", "value": 0.0, "curve": [list(each) for each in CURVE], "goal": 0.05}
    assert draw_all({"rows": [plain, grown]}, tmp_path) == [tmp_path / "p11.list.svg"]
