"""The design system: components, glyphs and drawings as template tags."""
