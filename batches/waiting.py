"""What of supply waits for somebody: each clock with the move that answers it."""

from oversight.kernel.records.waiting import Step, Waiting

from .services.rules import RECORD, REVIEW

BATCH_WAITING = Waiting(
    steps=(
        Step(
            label="Send the record",
            clocks=frozenset({RECORD.name}),
            moves=("send-record",),
            page="send-record",
            icon="send",
        ),
        # Whoever may release may reject, in the way of which nothing stands: what a release waits for is on the page.
        Step(
            label="Release or reject",
            clocks=frozenset({REVIEW.name}),
            moves=("release", "reject"),
            anchor="release",
            icon="signature",
        ),
    ),
    badges=("status",),
    about=("cdmo", "product_code", "site"),
)
