"""Server notices: the letters of mode `+s`, each with what it lets an operator hear.

What belongs here: the table. What must not: when a notice is given (`commands.notices`).
"""

from __future__ import annotations

SNOMASKS: dict[str, tuple[str, str]] = {
    "c": ("who connects", "quién se conecta"),
    "d": ("who disconnects", "quién se desconecta"),
    "k": ("who is killed", "a quién se expulsa"),
    "n": ("who changes nick", "quién cambia de nombre"),
    "o": ("who becomes operator, and what operators do", "quién se hace operador, y lo que hacen"),
    "s": ("settings and level of defence", "ajustes y nivel de defensa"),
    "t": ("refused and throttled connections", "conexiones rechazadas y frenadas"),
    "u": ("accounts made, suspended, deleted", "cuentas creadas, suspendidas, borradas"),
    "x": ("bans made, lifted, expired", "vetos puestos, levantados, caducados"),
}
USUAL_SNOMASKS = "kostux"  # what `+s` alone means: all but those who come and go and change their nick
