"""How the partners' records move."""
