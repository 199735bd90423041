"""The rendering process: certificates in by frames on standard input, PDFs out by frames on standard output.

    python -m issuer.certificates.worker MEMORY CPU_SECONDS

It bounds itself before it loads anything large, draws one certificate to warm up, says so with an empty PDF frame, and
then serves until its input ends. Whatever goes wrong beyond our own errors ends the process; the pool starts another.
"""

from __future__ import annotations

import os
import sys
from datetime import date

from credentials.errors import PlauditError
from issuer.certificates import frames, limits
from issuer.certificates.content import CertificateInput

#: Drawn and thrown away at the start: it loads the fonts, styles and art that every certificate uses.
_WARM_UP = CertificateInput(
    student_name="Ada",
    title="Title",
    issuer_name="Issuer",
    issuer_domain="issuer.example",
    role="Intern",
    hours=1,
    hours_source="time log",
    start=date(2026, 1, 1),
    end=date(2026, 1, 2),
    awarded=date(2026, 1, 3),
    outcome="accepted",
    skills=("skill",),
    supervisor_name="Eve",
    supervisor_title="Head",
    record_url="https://issuer.example/c/a",
    human_code="A",
    language="en",
    engagement_kind="unpaid",
)


def main() -> None:
    """Serve until standard input ends."""
    memory, cpu_seconds = (int(argument) for argument in sys.argv[1:3])
    limits.apply(memory)
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # whatever a library prints must not be taken for an answer
    from issuer.certificates import drawing, receipt_drawing

    drawing.render(_WARM_UP, b"{}")
    limits.write_little()
    answers.write(frames.frame(frames.PDF))
    while (body := frames.read(sys.stdin.buffer)) is not None:
        limits.allow_cpu(cpu_seconds)
        values, credential = frames.parse_request(body)
        try:
            if isinstance(values, CertificateInput):
                answer = frames.PDF + drawing.render(values, credential)
            else:
                answer = frames.PDF + receipt_drawing.render(values, credential)
        except PlauditError as error:
            answer = frames.failure(error)
        _write_all(answers.fileno(), frames.frame(answer))


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


if __name__ == "__main__":
    main()
