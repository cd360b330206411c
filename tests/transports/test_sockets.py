"""Listening sockets: what is in the way is said, and what a dead process left is cleared."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import pytest

from tertulia.transports.sockets import bind_tcp, bind_unix
from tertulia.transports.uri import DoorError, parse_uri


def test_the_system_may_choose_the_port() -> None:
    (listener,) = bind_tcp(parse_uri("irc://127.0.0.1:0"))
    with listener:
        assert listener.getsockname()[1] > 0
        assert listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert listener.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)


def test_accepted_connections_inherit_the_options() -> None:
    (listener,) = bind_tcp(parse_uri("irc://127.0.0.1:0"))
    listener.setblocking(True)
    with listener, socket.create_connection(listener.getsockname()), listener.accept()[0] as accepted:
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert accepted.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)


def test_all_addresses_of_a_name_share_the_port() -> None:
    listeners = bind_tcp(parse_uri("irc://localhost:0"))
    assert len({listener.getsockname()[1] for listener in listeners}) == 1
    for listener in listeners:
        listener.close()


def test_a_port_that_somebody_has_on_one_address_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system chooses for the first address; on the second that port may be another program's."""
    with socket.create_server(("127.0.0.2", 0)) as other:
        taken = other.getsockname()[1]
        # Not 127.0.0.1: whoever connects to anything on this machine has a port there.
        answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"127.0.0.{last}", 0)) for last in (3, 2)]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **named: answer)
        ports = iter([taken, 0])  # what the system "chooses"
        bind = socket.socket.bind

        class Socket(socket.socket):
            def bind(self, address: tuple[str, int]) -> None:  # type: ignore[override]
                bind(self, (address[0], address[1] or next(ports)))

        monkeypatch.setattr(socket, "socket", Socket)
        listeners = bind_tcp(parse_uri("irc://localhost:0"))
        assert taken not in {listener.getsockname()[1] for listener in listeners}
        for listener in listeners:
            listener.close()


def test_a_taken_port() -> None:
    (listener,) = bind_tcp(parse_uri("irc://127.0.0.1:0"))
    uri = f"irc://127.0.0.1:{listener.getsockname()[1]}"
    with listener, pytest.raises(DoorError) as caught:
        bind_tcp(parse_uri(uri))
    assert str(caught.value) == (
        f"{uri} cannot open: another program listens there already; stop it, or choose another port"
    )
    assert caught.value.spanish == (
        f"{uri} no se puede abrir: otro programa escucha ya ahí; detenlo, o elige otro puerto"
    )


def test_an_address_of_another_machine() -> None:
    with pytest.raises(DoorError, match=r"this machine has no address 192\.0\.2\.1"):
        bind_tcp(parse_uri("ircs://192.0.2.1:6697"))


def test_a_name_nobody_knows() -> None:
    with pytest.raises(DoorError, match=r"nobody knows the name nowhere\.invalid"):
        bind_tcp(parse_uri("ircs://nowhere.invalid:6697"))


def test_a_name_that_is_public_is_refused_in_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 6667))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **named: answer)
    with pytest.raises(DoorError, match=r"irc[+]insecure://chat.example:6667"):
        bind_tcp(parse_uri("irc://chat.example:6667"))


def test_a_socket_file_is_for_the_user_and_the_group(tmp_path: Path) -> None:
    path = tmp_path / "t.sock"
    mask = os.umask(0)
    try:
        with bind_unix(parse_uri(f"unix://{path}")):
            assert stat.S_IMODE(path.stat().st_mode) == 0o660
            assert os.umask(0) == 0
    finally:
        os.umask(mask)


def test_what_a_dead_process_left_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "t.sock"
    bind_unix(parse_uri(f"unix://{path}")).close()
    assert path.exists()
    bind_unix(parse_uri(f"unix://{path}")).close()


def test_a_living_process_keeps_its_socket(tmp_path: Path) -> None:
    uri = f"unix://{tmp_path}/t.sock"
    with bind_unix(parse_uri(uri)), pytest.raises(DoorError, match="a running program listens there already"):
        bind_unix(parse_uri(uri))


def test_a_file_of_another_kind_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "diary.txt"
    path.write_text("dear diary")
    with pytest.raises(DoorError, match="is not a socket"):
        bind_unix(parse_uri(f"unix://{path}"))
    assert path.read_text() == "dear diary"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DoorError, match="its folder does not exist"):
        bind_unix(parse_uri(f"unix://{tmp_path}/none/t.sock"))
