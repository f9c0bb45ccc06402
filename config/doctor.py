"""Looks whether this machine can run Fundtrail, before anything of ours is installed.

Runs on the machine's bare Python, standard library only: `python3 config/doctor.py`. Prints nothing
when all is well; else what is missing and the one line that installs it, and exits 1.
"""

from __future__ import annotations

import ctypes
import sys
from importlib.util import find_spec
from pathlib import Path

PYTHON_MIN = (3, 11)
# By these names WeasyPrint opens the libraries that draw the papers; macOS has others.
LIBRARIES = (
    "pango-1.0",
    "pangoft2-1.0",
    "harfbuzz",
    "harfbuzz-subset",
    "fontconfig",
    "gobject-2.0",
)
SONAME = "lib{}.so.0"
SONAMES = {"fontconfig": "libfontconfig.so.1"}

INSTALL_LIBRARIES = {
    "debian": "apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
    "fedora": "dnf install -y pango",
    "alpine": "apk add pango fontconfig harfbuzz-subset",
    "arch": "pacman -S --noconfirm pango",
    "suse": "zypper install -y libpango-1_0-0 libharfbuzz-subset0",
    "darwin": "brew install pango",
}
INSTALL_VENV = {"debian": "apt-get install -y python3-venv"}
INSTALL_PYTHON = {
    "debian": "apt-get install -y python3 python3-venv",
    "fedora": "dnf install -y python3",
    "alpine": "apk add python3",
    "arch": "pacman -S --noconfirm python",
    "suse": "zypper install -y python311",
    "darwin": "brew install python@3.13",
}


def missing(*, family: str) -> list[tuple[str, str]]:
    """What is missing here, each with the command that installs it ("" where we know none)."""
    lacks = []
    if sys.version_info < PYTHON_MIN:
        found = "{}.{}".format(*sys.version_info)
        wanted = "{}.{}".format(*PYTHON_MIN)
        lacks.append(
            (
                f"Python {wanted} or newer, not {found} (`make PYTHON=python{wanted}` picks one)",
                INSTALL_PYTHON.get(family, ""),
            )
        )
    if find_spec("ensurepip") is None or find_spec("venv") is None:
        lacks.append(("Python's venv module", INSTALL_VENV.get(family, "")))
    libraries = [name for name in LIBRARIES if not _opens(name, family)]
    if libraries:
        names = ", ".join(f"lib{name}" for name in libraries)
        lacks.append((f"the system library {names}", INSTALL_LIBRARIES.get(family, "")))
    return lacks


def family_of(*, os_release: str, platform: str) -> str:
    """The distribution family in the text of /etc/os-release, "" when we know it not."""
    if platform == "darwin":
        return platform
    fields = dict(line.split("=", 1) for line in os_release.splitlines() if "=" in line)
    words = f"{fields.get('ID', '')} {fields.get('ID_LIKE', '')}".replace('"', " ").split()
    aliases = {"ubuntu": "debian", "rhel": "fedora", "centos": "fedora", "opensuse": "suse"}
    known = [aliases.get(word, word) for word in words]
    return next((word for word in known if word in INSTALL_LIBRARIES), "")


def _opens(name: str, family: str) -> bool:
    darwin = [f"lib{name}.dylib", f"/opt/homebrew/lib/lib{name}.dylib"]
    names = darwin if family == "darwin" else [SONAMES.get(name, SONAME.format(name))]
    for candidate in names:
        try:
            ctypes.CDLL(candidate)
        except OSError:
            continue
        return True
    return False


def main() -> int:
    """Exit status: 0 when the machine can run Fundtrail, else 1."""
    release = Path("/etc/os-release")
    family = family_of(os_release=release.read_text() if release.exists() else "", platform=sys.platform)
    lacks = missing(family=family)
    for what, command in lacks:
        remedy = command or "install it with this system's package manager"
        print(f"Missing: {what}. Install: {remedy}", file=sys.stderr)
    return 1 if lacks else 0


if __name__ == "__main__":
    sys.exit(main())
