"""What goes wrong where tablets are pressed and coated; all invented."""

from .tales import Tale

TABLETS = (
    Tale(
        kind="IN_PROCESS_OOS",
        title="Weight of single tablets out of range on {on}",
        text="{n} of 20 tablets beside the range at the third control. The press was stopped and set anew.",
        whys=(
            ("Why did the weight drift?", "The powder bridged in the hopper."),
            ("Why did it bridge?", "The granules of this sublot were finer than usual."),
        ),
        cause="The sieve of the mill was worn; it is looked at once a year.",
        category="MACHINE",
        on=("press 2", "press 1"),
        n=("2", "3"),
    ),
    Tale(
        kind="RECORD_DISCREPANCY",
        title="Time of the end of coating not entered, {on}",
        text="Found at the end of the shift; the time was taken from the data of the coater.",
        whys=(("Why was it not entered?", "The page was turned before the pan stood still."),),
        cause="The page has the field for the end of coating at its top.",
        category="METHOD",
        on=("pan load 4", "pan load 2"),
    ),
    Tale(
        kind="EQUIPMENT_DOWNTIME",
        title="Dust extraction of {on} out of order for a shift",
        text="Pressing was stopped; nothing was lost. A filter bag had torn.",
        whys=(
            ("Why did the bag tear?", "It was hung over a sharp edge."),
            ("Why was it hung so?", "The new bags are longer than the old ones."),
        ),
        cause="Filter bags of another length were bought without asking maintenance.",
        category="MATERIAL",
        on=("press 2", "press 1"),
    ),
)
