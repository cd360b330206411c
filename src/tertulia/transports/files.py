"""Files over HTTP: handed in by POST, given out by GET and HEAD, taken back by DELETE (draft/FILEHOST).

What belongs here: requests, headers and the words of refusals. What must not: who may do what
(`server.files`), disks. What is given out is hostile until shown safe: only what its first bytes show to be a
picture, sound, film or plain text is shown in place, under a policy that lets it do nothing; all else is a
download.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from tertulia.limits import FILE_NAME_CHARACTERS, UPLOAD_STALL_SECONDS
from tertulia.ports import Depositor, FileRefused, Files
from tertulia.protocol.files import SHOWN, TEXT, FileRecord
from tertulia.transports.stream import is_loopback

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

PATH = "/files"

# Any page may ask: whoever does must show a password or a token, and a browser sends neither by itself.
CROSS_ORIGIN = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "Location",
}
PREFLIGHT = {
    "access-control-allow-methods": "POST, OPTIONS, GET, HEAD, DELETE",
    "access-control-allow-headers": "Authorization, Content-Type, Content-Disposition",
    "access-control-max-age": "86400",
    "allow": "POST, OPTIONS",
    "accept-post": "*/*",
}
# "sandbox" without a word: no scripts, no forms, no origin of its own.
FILE_POLICY = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"

REASONS: dict[str, tuple[str, str]] = {
    "who": (
        "Say who you are: the name and password of your account, or a token of TOKEN GENERATE FILEHOST.",
        "Di quién eres: el nombre y la contraseña de tu cuenta, o una ficha de TOKEN GENERATE FILEHOST.",
    ),
    "token": (
        "The token was used already, or is too old. Ask for another: TOKEN GENERATE FILEHOST.",
        "La ficha ya se usó o es demasiado vieja. Pide otra: TOKEN GENERATE FILEHOST.",
    ),
    "wrong": ("The account or the password is wrong.", "La cuenta o la contraseña no es esa."),
    "unverified": ("The account is not verified yet.", "La cuenta aún no está verificada."),
    "suspended": ("The account is suspended: {reason}", "La cuenta está suspendida: {reason}"),
    "throttled": (
        "Too many attempts. Wait some minutes.",
        "Demasiados intentos. Espera unos minutos.",
    ),
    "busy": (
        "Too many files are on their way. Try again shortly.",
        "Se están enviando demasiados archivos. Inténtalo dentro de un momento.",
    ),
    "large": (
        "The file is too large: at most {most} bytes.",
        "El archivo es demasiado grande: {most} bytes como mucho.",
    ),
    "quota": (
        "You have too much here: at most {most} bytes. Delete something: FILES LIST, FILES DELETE.",
        "Tienes demasiado aquí: {most} bytes como mucho. Borra algo: FILES LIST, FILES DELETE.",
    ),
    "full": (
        "The server has no room for more files. Tell its operator.",
        "El servidor no tiene sitio para más archivos. Díselo a su operador.",
    ),
    "empty": ("The file is empty.", "El archivo está vacío."),
    "store": (
        "The file cannot be kept now. Try again shortly.",
        "El archivo no se puede guardar ahora. Inténtalo dentro de un momento.",
    ),
    "gone": ("There is no such file, or no longer.", "No existe ese archivo, o ya no."),
    "not yours": ("This file is not yours.", "Ese archivo no es tuyo."),
    "stalled": ("Nothing came for too long.", "No llegó nada durante demasiado tiempo."),
}


def file_routes(files: Files) -> list[Route]:
    """The routes of the desk."""
    from starlette.responses import Response
    from starlette.routing import Route

    async def desk(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={**CROSS_ORIGIN, **PREFLIGHT})
        return await _answered(request, lambda: _take(request, files))

    async def one(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={**CROSS_ORIGIN, **PREFLIGHT})
        if request.method == "DELETE":
            return await _answered(request, lambda: _take_back(request, files))
        return await _answered(request, lambda: _give(request, files))

    return [
        Route(PATH, desk, methods=["POST", "OPTIONS"]),
        Route(f"{PATH}/{{key}}", one, methods=["GET", "DELETE", "OPTIONS"]),
        Route(f"{PATH}/{{key}}/{{name}}", one, methods=["GET", "DELETE", "OPTIONS"]),
    ]


async def _answered(request: Request, work: Callable[[], Awaitable[Response]]) -> Response:
    """The answer, or the refusal in the asker's language."""
    from starlette.responses import JSONResponse

    try:
        return await work()
    except FileRefused as refused:
        spanish = request.headers.get("accept-language", "").lower().startswith("es")
        words = REASONS[refused.code][spanish].format(**refused.fields)
        headers = {**CROSS_ORIGIN, "cache-control": "no-store"}
        if refused.status == 401:
            headers["www-authenticate"] = 'Basic realm="files", charset="UTF-8"'
        if request.method == "POST":
            headers["connection"] = "close"  # the rest of what is being sent is not read
        return JSONResponse({"error": refused.code, "message": words}, refused.status, headers=headers)


async def _take(request: Request, files: Files) -> Response:
    """ "If the response has the `201 Created` HTTP status code, they MAY read the `Location` header"."""
    from starlette.requests import ClientDisconnect
    from starlette.responses import JSONResponse

    depositor = await _asker(request, files)
    deposit = files.begin(depositor, _name(request), request.headers.get("content-type", ""), _size(request))
    try:
        stream = request.stream()
        while (data := await _next(stream)) is not None:
            if data:
                await deposit.write(data)
        record = await deposit.keep()
    except ClientDisconnect:
        raise FileRefused(400, "stalled") from None
    finally:
        deposit.abandon()
    link = files.link(record)
    told = {"url": link, "name": record.name, "type": record.type, "size": record.size}
    told["expires"] = record.expires_at
    return JSONResponse(told, 201, headers={**CROSS_ORIGIN, "location": link})


async def _next(stream: AsyncGenerator[bytes, None]) -> bytes | None:
    try:
        async with asyncio.timeout(UPLOAD_STALL_SECONDS):
            return await anext(stream, None)
    except TimeoutError:
        raise FileRefused(408, "stalled") from None


async def _give(request: Request, files: Files) -> Response:
    from starlette.responses import FileResponse, Response

    record, path = files.find(request.path_params["key"])
    headers = {**CROSS_ORIGIN, **_headers(record)}
    if record.digest in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if not path.is_file():
        raise FileRefused(404, "gone")
    shown = f"{record.type}; charset=utf-8" if record.type == TEXT else record.type
    return FileResponse(path, media_type=shown, headers=headers)


def _headers(record: FileRecord) -> dict[str, str]:
    way = "inline" if record.type in SHOWN or record.type == TEXT else "attachment"
    return {
        "content-disposition": f"{way}; filename*=utf-8''{quote(record.name, safe='')}",
        "content-security-policy": FILE_POLICY,
        "cross-origin-resource-policy": "cross-origin",  # web clients of other sites show pictures too
        "cache-control": "private, max-age=86400, immutable",
        "etag": f'"{record.digest}"',
    }


async def _take_back(request: Request, files: Files) -> Response:
    from starlette.responses import Response

    depositor = await _asker(request, files)
    record, _ = files.find(request.path_params["key"])
    if record.owner != depositor.owner:
        raise FileRefused(403, "not yours")
    files.remove(record)
    return Response(status_code=204, headers=CROSS_ORIGIN)


async def _asker(request: Request, files: Files) -> Depositor:
    address = request.client.host.removeprefix("::ffff:") if request.client is not None else "localhost"
    return await files.admit(request.headers.get("authorization", ""), address, is_loopback(address))


def _name(request: Request) -> str:
    """The name in Content-Disposition (RFC 6266): `filename*` before `filename`."""
    plain = ""
    for part in request.headers.get("content-disposition", "").split(";")[1:]:
        key, _, value = part.strip().partition("=")
        if key.lower() == "filename*":
            return unquote(value.partition("''")[2] or value)[: FILE_NAME_CHARACTERS * 4]
        if key.lower() == "filename":
            plain = value.strip('"')
    return plain[: FILE_NAME_CHARACTERS * 4]


def _size(request: Request) -> int | None:
    said = request.headers.get("content-length", "")
    return int(said) if said.isdecimal() and len(said) < 16 else None
