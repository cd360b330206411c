"""`tertulia doctor`: what it finds on a machine that is prepared for it."""

from __future__ import annotations

import resource
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tertulia.cli import doctor
from tertulia.config import Limits, Server, Settings


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody else listens."""
    with socket.socket() as plug:
        plug.bind(("127.0.0.1", 0))
        plug.listen()
        yield plug.getsockname()[1]


def goods(findings: Iterator[doctor.Finding]) -> list[bool | None]:
    return [finding.good for finding in findings]


def test_a_taken_port_is_found(taken: int) -> None:
    settings = Settings(server=Server(listen=(f"irc://127.0.0.1:{taken}", "plain://127.0.0.1:0")))
    assert goods(doctor.ports_free(settings)) == [False, True]


def test_a_running_server_is_found_at_its_socket(folder: Path) -> None:
    path = folder / "t.sock"
    settings = Settings(server=Server(listen=(f"unix://{path}",)))
    assert goods(doctor.ports_free(settings)) == [True]
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind(str(path))
        plug.listen()
        assert goods(doctor.ports_free(settings)) == [False]


def test_a_certificate_is_made_or_read(folder: Path) -> None:
    settings = Settings()
    assert goods(doctor.certificate(settings)) == [None]
    file = doctor.tls_files(settings).certificate
    file.parent.mkdir(parents=True)
    file.write_text("nothing", encoding="utf-8")
    assert goods(doctor.certificate(settings)) == [False]


def test_too_many_connections_for_the_limit_of_files_are_found() -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard == resource.RLIM_INFINITY:
        pytest.skip("this system has no limit of open files")
    assert goods(doctor.open_files(Settings(limits=Limits(connections=hard)))) == [False]
    assert goods(doctor.open_files(Settings(limits=Limits(connections=1)))) == [True]


def test_the_disk_is_looked_at_where_the_folder_would_be(folder: Path) -> None:
    assert len(goods(doctor.disk(Settings()))) == 2
    assert not (folder / "data").exists()


def test_no_local_model_needs_nothing() -> None:
    assert goods(doctor.local_model(Settings(models=()))) == []


def test_what_stands_in_the_way_makes_the_exit_code(
    taken: int, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "t.toml"
    file.write_text(f'models = []\n[server]\nlisten = ["irc://127.0.0.1:{taken}"]\n', encoding="utf-8")
    assert doctor.run(file) == 1
    assert "[!!] " in capsys.readouterr().out


def test_a_broken_configuration_is_told_instead(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "t.toml").write_text("[server]\nnmae = 1\n", encoding="utf-8")
    assert doctor.run(folder / "t.toml") == 1
    assert "did you mean server.name?" in capsys.readouterr().err
