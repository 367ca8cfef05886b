"""What-if: a plan as it would be if something happened, computed by the same engine and never saved."""
