"""The configuration: `settings` are the values, `reading` gets them, `origin` knows where each stands."""

from tertulia.config.problems import ConfigError, Problem
from tertulia.config.reading import Places, find_file, load
from tertulia.config.settings import (
    Accounts,
    Cloaks,
    Http,
    Limits,
    Local,
    Log,
    Model,
    Operator,
    Server,
    Settings,
    Store,
    Sts,
    Tls,
    Webirc,
    listeners,
    model_folder,
    store_url,
)

__all__ = [
    "Accounts",
    "Cloaks",
    "ConfigError",
    "Http",
    "Limits",
    "Local",
    "Log",
    "Model",
    "Operator",
    "Places",
    "Problem",
    "Server",
    "Settings",
    "Store",
    "Sts",
    "Tls",
    "Webirc",
    "find_file",
    "listeners",
    "load",
    "model_folder",
    "store_url",
]
