"""Hands in files from many sides at once, in a process of its own so that it slows down no measurement.

python bombing.py PORT AT_ONCE SECONDS FILE …   Prints one JSON object: file name -> [[status, Retry-After], …].
Who is told to come back does so when it was told to. With SECONDS 0 each file is handed in until it is no longer 503.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from collections import defaultdict
from contextlib import suppress
from itertools import cycle
from pathlib import Path

BOUNDARY = "x-bomb-x"
PATIENCE_SECONDS = 60


def hand_in(port: int, data: bytes) -> tuple[int, str | None]:
    """POST one file to the API; the status, and when to come back."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
    body = head.encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    headers = {"Host": f"localhost:{port}", "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    with suppress(BrokenPipeError, ConnectionResetError):  # what is too large is answered before it was all sent
        connection.request("POST", "/api/v1/verify", body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.getheader("Retry-After")


def main(port: int, at_once: int, seconds: float, files: list[Path]) -> None:
    contents = {file.name: file.read_bytes() for file in files}
    end = time.monotonic() + seconds
    turns = cycle(contents) if seconds else iter(contents)
    lock, found = threading.Lock(), defaultdict(list)

    def work() -> None:
        while True:
            with lock:
                name = next(turns, None) if not seconds or time.monotonic() < end else None
            if name is None:
                return
            answer = hand_in(port, contents[name])
            while not seconds and answer[0] == 503:
                time.sleep(float(answer[1] or 1))
                answer = hand_in(port, contents[name])
            with lock:
                found[name].append(answer)
            if answer[0] == 503:
                time.sleep(float(answer[1] or 1))

    threads = [threading.Thread(target=work) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), [Path(name) for name in sys.argv[4:]])
