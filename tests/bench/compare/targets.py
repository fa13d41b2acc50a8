"""What was promised, and whether it was kept: must and aim of each figure, and how much is missing."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Target:
    """`must` and `aim` in the unit of the figure; `more_is_better` tells the direction."""
    name: str
    must: float
    aim: float
    unit: str
    more_is_better: bool = False
    form: str = "{:.2f}"

    def missing(self, value, bound):
        """By which part of the bound the value misses it; 0 or less where it is kept."""
        return (bound - value) / bound if self.more_is_better else (value - bound) / bound

    def verdict(self, value):
        """One of "aim reached", "must reached, aim missed by 12 %", "NOT reached by 30 %"."""
        if self.missing(value, self.must) > 0:
            return f"NOT reached by {100 * self.missing(value, self.must):.0f} %"
        if self.missing(value, self.aim) > 0:
            return f"must reached, aim missed by {100 * self.missing(value, self.aim):.0f} %"
        return "aim reached"

    def line(self, spread):
        """A row of the table; one without a value says so."""
        sign = ">=" if self.more_is_better else "<="
        bounds = f"{sign} {self.must:g} / {self.aim:g}{self.unit}"
        if not spread:
            return f"{self.name:49} {'-':20} {bounds:17} not measured"
        return f"{self.name:49} {spread.text(self.form):20} {bounds:17} {self.verdict(spread.median)}"


TARGETS = {
    "cpu": Target("CPU us per 1 KB message, one connection", 60, 30, "", form="{:.0f}"),
    "nodemailer": Target("messages/s against nodemailer, pool 1", 8, 13, " x", True, "{:.1f}"),
    "smtp-source": Target("messages/s against smtp-source -s1 -d", 1.2, 1.9, " x", True),
    "file-cpu": Target("CPU s/GB, 10 MiB files in clear", 2, 1.3, ""),
    "file-cpu-tls": Target("CPU s/GB, 10 MiB files under TLS", 3, 2, ""),
    "file-rate": Target("MB/s of 10 MiB files against nodemailer", 5, 8, " x", True, "{:.1f}"),
    "memory": Target("greatest peak RSS of all runs, MiB", 24, 16, "", form="{:.1f}"),
    "full": Target("CPU ms, connection per message, TLS 1.3, full", 1.3, 1.1, ""),
    "resumed": Target("CPU ms, connection per message, TLS 1.3, resumed", 0.7, 0.55, ""),
    "batch": Target("time of 10,000 rows against nodemailer's best", 0.4, 0.25, " x"),
    "ledger": Target("ledger and governor on, 64 in flight, % slower", 25, 10, " %", form="{:.0f}"),
}
