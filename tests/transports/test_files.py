"""Files over HTTP: draft/FILEHOST, at the real desk and folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.desk import BASE, PNG, Desk, basic, bearer, in_pieces
from tests.support.town import Town

FAR = "198.51.100.7"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_file_is_handed_in_and_given_out(desk: Desk) -> None:
    """ "If the response has the `201 Created` HTTP status code, they MAY read the `Location` header and use
    it as the URI of the uploaded image" (draft/FILEHOST)"""
    desk.member()
    path = desk.hand_in(PNG, "mi gato.png")
    assert path.startswith("/files/") and path.endswith("/mi%20gato.png")
    found = desk.ask("GET", path, FAR)
    assert found.content == PNG
    assert found.headers["content-type"] == "image/png"
    assert found.headers["content-disposition"] == "inline; filename*=utf-8''mi%20gato.png"


def test_links_cannot_be_guessed(desk: Desk) -> None:
    desk.member()
    first, second = (desk.hand_in().split("/")[2] for _ in range(2))
    assert first != second and desk.ask("GET", f"/files/{first[:-1]}0/foto.png").status_code == 404
    assert desk.ask("GET", "/files").status_code == 405


def test_what_a_browser_may_do_with_it(desk: Desk) -> None:
    """Nothing: no script, no form, no guess at another type, and its origin is nobody's."""
    desk.member()
    headers = desk.ask("GET", desk.hand_in()).headers
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("data", "declared"),
    [
        (b"<html><script>alert(1)</script>", "text/html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/svg+xml"),
        (b"GIF89b<script>", "image/gif"),
        (b"%PDF-1.7", "application/pdf"),
    ],
)
def test_everything_else_is_a_download(desk: Desk, data: bytes, declared: str) -> None:
    desk.member()
    found = desk.ask("GET", desk.hand_in(data, "a.html", **{"content-type": declared}))
    assert found.headers["content-type"] == "application/octet-stream"
    assert found.headers["content-disposition"].startswith("attachment;")


def test_text_is_shown_as_text(desk: Desk) -> None:
    desk.member()
    text = "¿qué es un socket?\n".encode()
    found = desk.ask("GET", desk.hand_in(text, "nota.txt", **{"content-type": "text/plain"}))
    assert found.headers["content-type"] == "text/plain; charset=utf-8" and found.content == text


def test_a_part_of_it(desk: Desk) -> None:
    """Films are looked at from the middle (RFC 9110, 14)."""
    desk.member()
    found = desk.ask("GET", desk.hand_in(), headers={"range": "bytes=1-3"})
    assert (found.status_code, found.content) == (206, b"PNG")


def test_what_a_browser_has_is_not_sent_again(desk: Desk) -> None:
    desk.member()
    path = desk.hand_in()
    tag = desk.ask("GET", path).headers["etag"]
    again = desk.ask("GET", path, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_head(desk: Desk) -> None:
    desk.member()
    found = desk.ask("HEAD", desk.hand_in())
    assert (found.status_code, found.content) == (200, b"")
    assert found.headers["content-length"] == str(len(PNG))


def test_pages_of_other_sites_may_ask(desk: Desk) -> None:
    found = desk.ask("OPTIONS", "/files")
    assert found.status_code == 204 and found.headers["accept-post"] == "*/*"
    assert found.headers["access-control-allow-origin"] == "*"
    assert "Authorization" in found.headers["access-control-allow-headers"]


def test_by_a_token_for_a_room(desk: Desk) -> None:
    """A guest of this machine has no password, but a token."""
    guest = desk.town.join("gus", "#tea", caps="batch standard-replies")
    token = bearer(guest, "TOKEN GENERATE FILEHOST #tea")
    answer = desk.ask("POST", "/files", content=PNG, headers=token)
    assert answer.status_code == 201
    assert answer.json()["url"] == answer.headers["location"]
    (line, _) = guest.say("FILES LIST #tea")
    assert answer.headers["location"] in line and "(108 bytes, image/png)" in line
    again = desk.ask("POST", "/files", content=PNG, headers=token)
    assert (again.status_code, again.json()["error"]) == (401, "token")


@pytest.mark.parametrize(
    ("headers", "status", "error"),
    [
        ({}, 401, "who"),
        ({"authorization": "Digest x"}, 401, "who"),
        ({"authorization": "Basic !"}, 401, "who"),
        (basic("ana", "wrong password"), 401, "wrong"),
        (basic("nobody"), 401, "wrong"),
        ({"authorization": "Bearer nothing"}, 401, "token"),
    ],
)
def test_who_is_nobody(desk: Desk, headers: dict[str, str], status: int, error: str) -> None:
    desk.member()
    answer = desk.ask("POST", "/files", content=PNG, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.headers["www-authenticate"].startswith("Basic ")


def test_guesses_are_counted_with_those_of_sasl(desk: Desk) -> None:
    desk.member()
    for _ in range(30):
        answer = desk.ask("POST", "/files", FAR, content=PNG, headers=basic("ana", "wrong password"))
    assert (answer.status_code, answer.json()["error"]) == (429, "throttled")
    right = desk.ask("POST", "/files", FAR, content=PNG, headers=basic("ana"))
    assert right.status_code == 429


def test_the_refusal_speaks_spanish(desk: Desk) -> None:
    answer = desk.ask("POST", "/files", content=PNG, headers={"accept-language": "es-ES,es;q=0.9"})
    assert answer.json()["message"].startswith("Di quién eres")


@pytest.mark.parametrize(
    ("bounds", "error"),
    [
        ({"file_bytes": len(PNG) - 1}, "large"),
        ({"quota_bytes": len(PNG) - 1}, "quota"),
        ({"total_bytes": len(PNG) - 1}, "full"),
    ],
)
@pytest.mark.parametrize("announced", [True, False])
def test_bounds(tmp_path: Path, bounds: dict[str, int], error: str, announced: bool) -> None:
    desk = Desk(tmp_path, **bounds)
    desk.member()
    content = PNG if announced else in_pieces(4, PNG[:27])
    answer = desk.ask("POST", "/files", content=content, headers=basic("ana"))
    assert answer.status_code in (413, 507)
    assert answer.json()["error"] == (error if announced else "large")
    assert not [one for one in tmp_path.rglob("*") if one.is_file()]


def test_bounds_from_the_other_side(tmp_path: Path) -> None:
    desk = Desk(tmp_path, file_bytes=len(PNG), quota_bytes=2 * len(PNG), total_bytes=2 * len(PNG))
    desk.member()
    desk.hand_in()
    answer = desk.ask("POST", "/files", content=in_pieces(4, PNG[:27]), headers=basic("ana"))
    assert answer.status_code == 201
    assert desk.ask("POST", "/files", content=PNG, headers=basic("ana")).json()["error"] == "quota"


def test_an_empty_file(desk: Desk) -> None:
    desk.member()
    answer = desk.ask("POST", "/files", content=b"", headers=basic("ana"))
    assert (answer.status_code, answer.json()["error"]) == (400, "empty")


def test_taking_it_back(desk: Desk) -> None:
    desk.member()
    desk.member("bob")
    path = desk.hand_in()
    assert desk.ask("DELETE", path, headers=basic("bob")).json()["error"] == "not yours"
    assert desk.ask("DELETE", path).status_code == 401
    assert desk.ask("DELETE", path, headers=basic("ana")).status_code == 204
    assert desk.ask("GET", path).json()["error"] == "gone"
    assert not desk.folder.path(path.split("/")[2]).exists()


def test_the_name_is_as_the_header_says(desk: Desk) -> None:
    """RFC 6266: "filename*" goes before "filename"."""
    desk.member()
    header = "attachment; filename=\"a.png\"; filename*=utf-8''a%C3%B1o.png"
    answer = desk.ask("POST", "/files", content=PNG, headers={**basic("ana"), "content-disposition": header})
    assert answer.json()["name"] == "año.png"


def test_without_a_place_for_files_there_is_none() -> None:
    ana = Town().join("ana", caps="standard-replies")
    assert ana.say("FILES LIST")[0].startswith(":tertulia.local FAIL FILES NO_FILES :")


def test_where_is_told_by_isupport(desk: Desk) -> None:
    """ "draft/FILEHOST isupport token. Its value MUST be a (possibly empty) space-separated list of URIs" """
    tokens = desk.town.hub.settings.tokens
    assert f"draft/FILEHOST={BASE}/files" in tokens and f"soju.im/FILEHOST={BASE}/files" in tokens
