"""The tables: how many times as fast as each peer, what was promised, how the cost grows; at most 25 lines."""

from figures import Spread
from plan import NODEMAILER, ONE, PIPELINED, SIZES, SMTP_SOURCE
from targets import TARGETS

GROUPS = {"text": "1 KB text", "file": "10 MiB file", "file-tls": "10 MiB, TLS", "fresh": "conn. each, TLS", "batch": "batch"}
PEERS = (NODEMAILER, "nodemailer pool 8", "nodemailer, all queued", "libcurl", "smtplib", SMTP_SOURCE)
GB = 1e9


def rate(sample):
    return sample.rate


def per_gb(sample):
    """CPU seconds of the client for 10^9 bytes of 10 MiB files."""
    return sample.cpu_s / (sample.messages * SIZES["10-MiB"] / GB)


def ratios(rounds):
    """MailSend's messages a second divided by those of each peer, in each group."""
    lines = [f"{'times as fast as':23}" + "".join(f"{title:19}" for title in GROUPS.values())]
    for peer in PEERS:
        cells = [rounds[group].ratio(ONE, [peer], rate).text("{:.1f}") for group in GROUPS]
        lines.append(f"{peer:23}" + "".join(f"{cell:19}" for cell in cells))
    middles = [rounds[group].spread(ONE, rate) for group in GROUPS]
    cells = [f"{middle.median:,.0f}" if middle else "-" for middle in middles]
    return [*lines, f"{'MailSend, messages/s':23}" + "".join(f"{cell:19}" for cell in cells)]


def figures(rounds, peak_kib):
    """The value of each target. `peak_kib`: the greatest peak of MailSend's processes."""
    text = rounds["text"]
    with_ledger = rounds["ledger"].ratio("on", ["off"], rate)
    peers = [peer for peer in PEERS if peer.startswith("nodemailer")]
    return {
        "cpu": text.spread(ONE, lambda sample: sample.cpu_us),
        "nodemailer": text.ratio(ONE, [NODEMAILER], rate),
        "smtp-source": text.ratio(ONE, [SMTP_SOURCE], rate),
        "file-cpu": rounds["file"].spread(ONE, per_gb),
        "file-cpu-tls": rounds["file-tls"].spread(ONE, per_gb),
        "file-rate": rounds["file"].ratio(ONE, [NODEMAILER], rate),
        "memory": Spread([peak_kib / 1024] if peak_kib else []),
        "full": rounds["fresh-full"].spread(ONE, lambda sample: sample.cpu_us / 1000),
        "resumed": rounds["fresh"].spread(ONE, lambda sample: sample.cpu_us / 1000),
        "batch": Spread(1 / value for value in rounds["batch"].ratio(ONE, peers, rate).values),
        "ledger": Spread(100 * (1 - value) for value in with_ledger.values),
    }


def promises(values):
    head = f"{'MailSend':49} {'measured':20} {'must / aim':17}"
    return [head.rstrip(), *(target.line(values[name]) for name, target in TARGETS.items())]


def size_cost(sample, name):
    """For each message where it is small, for its bytes where it is large."""
    size = SIZES[name.replace(" ", "-")]
    return f"{sample.cpu_us:.0f} us" if size < 1 << 20 else f"{sample.cpu_us / 1e6 * GB / size:.2f} s/GB"


def growth(samples):
    """`samples`: group -> name of the row -> sample. Cost and memory, flat or not, a line for each group."""
    lines = []
    for group, title, value in (
            ("count", "CPU us/message (peak MiB) by messages", lambda s, _: f"{s.cpu_us:.0f}"),
            ("recipients", "CPU us/recipient (peak MiB) by recipients", lambda s, name: f"{s.cpu_us / int(name.replace(',', '')):.1f}"),
            ("size", "CPU (peak MiB) by attachment", size_cost)):
        cells = [f"{name}: {value(sample, name)} ({sample.peak_kib / 1024:.0f})" for name, sample in samples.get(group, {}).items()]
        lines.append(f"{title}: " + ", ".join(cells or ["-"]))
    return lines


def without_chunking(rounds):
    """The one row that is for those who ask what CHUNKING gives."""
    row = rounds["text"]
    return (f"without CHUNKING: {row.spread(PIPELINED, rate).text('{:,.0f}')} messages/s, "
            f"{row.spread(PIPELINED, lambda sample: sample.cpu_us).text()} us CPU each")
