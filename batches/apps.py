from django.apps import AppConfig


class BatchesConfig(AppConfig):
    name = "batches"
    verbose_name = "Supply"

    def ready(self) -> None:
        """What happens to a batch happens to the steps of the plan, whose pages hear how long a hold may take."""
        from techtransfer.ports import PORTS

        from .expecting import hold_takes, hold_times
        from .overdue import late_records, old_investigations
        from .subscribers import begin, judge_again

        begin()
        PORTS.hold_takes, PORTS.hold_times, PORTS.a_day_passed = hold_takes, hold_times, judge_again
        PORTS.late_records, PORTS.old_investigations = late_records, old_investigations
