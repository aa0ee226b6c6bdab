"""A gate before a server: connections pass, are cut after so many bytes of the server's, or fall silent."""

import select
import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

_TICK_S: Final = 0.1
_CHUNK: Final = 4096


@dataclass
class Gate:
    """Pass on to ``port``. ``after`` None lets all pass; ``mode`` is what happens then: fin, rst or stall."""

    port: int
    after: int | None = None
    mode: str = "fin"
    cut: int = 0
    """How many connections met the fault."""
    _listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    _shut: threading.Event = field(default_factory=threading.Event)

    @property
    def number(self) -> int:
        """The port at which the gate stands."""
        return int(self._listener.getsockname()[1])

    def open(self) -> None:
        """Begin to pass connections on."""
        self._listener.settimeout(_TICK_S)
        threading.Thread(target=self._stand, daemon=True).start()

    def close(self) -> None:
        """Shut for good; connections under way end within a moment."""
        self._shut.set()
        self._listener.close()

    def _stand(self) -> None:
        while not self._shut.is_set():
            with suppress(OSError):
                client = self._listener.accept()[0]
                threading.Thread(target=self._pass, args=(client,), daemon=True).start()

    def _pass(self, client: socket.socket) -> None:
        with suppress(OSError), client, socket.create_connection(("127.0.0.1", self.port), 5) as server:
            passed = 0
            while not self._shut.is_set():
                limit = self.after
                if limit is not None and passed >= limit:
                    self._fail(client)
                    return
                for ready in select.select([client, server], [], [], _TICK_S)[0]:
                    most = _CHUNK if ready is client or limit is None else min(_CHUNK, limit - passed)
                    data = ready.recv(most)
                    if not data:
                        return
                    (server if ready is client else client).sendall(data)
                    passed += len(data) if ready is server else 0

    def _fail(self, client: socket.socket) -> None:
        self.cut += 1
        while self.mode == "stall" and self.after is not None and not self._shut.wait(_TICK_S):
            continue
        if self.mode == "rst":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
