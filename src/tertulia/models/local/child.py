"""The process that thinks: llama.cpp's own server, in a child that dies with its parent.

What belongs here: starting `xllamacpp` and saying where it listens. What must not: any import of ours; this
file is run by its path, with the standard library and `xllamacpp` alone.

In: one line of JSON on standard input: model (path), key, context, slots, threads, cache_mib. Out: one line
of JSON on standard output: {"address": "http://127.0.0.1:port"} or {"error": kind, "detail": text}. Then it
serves until it is told to end, or its standard input closes.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import signal
import sys
from typing import Any

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def die_with_parent() -> None:
    """Ask the kernel for SIGKILL when the thread that started us ends; where there is no such call, the end
    of standard input does it, a little later."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def say(**values: str) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def server(settings: dict[str, Any]) -> Any:
    """A running server. Returns when the model is loaded; raises ImportError, RuntimeError, OSError."""
    xllamacpp: Any = importlib.import_module("xllamacpp")
    params = xllamacpp.CommonParams()
    params.model.path = settings["model"]
    params.hostnames = ["127.0.0.1"]
    params.port = 0  # the system's choice
    params.api_keys = [settings["key"]]
    params.n_ctx = settings["context"]
    params.n_parallel = settings["slots"]
    params.kv_unified = True  # else each slot gets a quarter of the context
    params.cache_ram_mib = settings["cache_mib"]  # its default is 8 GiB
    params.cpuparams.n_threads = settings["threads"]
    params.cpuparams_batch.n_threads = settings["threads"]
    params.ui = False
    params.offline = True
    params.endpoint_slots = False  # what others are asked is nobody's business
    params.verbosity = 0
    return xllamacpp.Server(params)


def main() -> int:
    die_with_parent()
    settings = json.loads(sys.stdin.readline())
    if os.getppid() != settings["parent"]:
        return 0  # it was gone before we could ask
    try:
        running = server(settings)
    except ImportError as error:
        kind = "libgomp" if "libgomp" in str(error) else "not_installed"
        say(error=kind, detail=str(error))
        return 1
    except Exception as error:  # its errors have no common type
        say(error="failed", detail=f"{type(error).__name__}: {error}")
        return 1
    say(address=running.listening_address)
    while sys.stdin.readline():  # until it closes
        pass
    os._exit(0)  # its threads are not waited for


if __name__ == "__main__":
    sys.exit(main())
