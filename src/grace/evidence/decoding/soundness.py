"""What ``grace doctor`` looks at of decoding: which walls stand around it and around external programs, and how to get what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from grace.evidence.decoding.layers import Layer, Walls
from grace.evidence.decoding.tools import Away, Output, Tools
from grace.evidence.decoding.zygote import Zygote
from grace.host.checks import Found, Grade
from grace.host.environment import Environment
from grace.kernel.errors import Unavailable

MEMORY_BYTES = 2 << 30
_STANDS = {
    Layer.NAMESPACES: "a network of its own without any interface",
    Layer.LIMITS: "no new descriptor, no writing, 2 GiB of memory",
    Layer.SECCOMP: "only the system calls that decoding needs",
}
_REMEDY = {
    Layer.NAMESPACES: "Let this account make user name spaces (sysctl user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns=0; "
    "in a container: a profile that allows unshare), or run GRACE where root may.",
    Layer.LIMITS: "This system knows no limits of resources; use Linux.",
    Layer.LANDLOCK: "Use Linux 5.13 or newer with Landlock switched on (lsm=landlock,… on the kernel's command line); "
    "in a container: a profile that allows its calls.",
    Layer.SECCOMP: "Use Linux on x86-64 or 64-bit ARM, with a kernel that has seccomp filters.",
}
_VERSIONS = (
    (6, "no file, no TCP, no signal to others"),
    (4, "no file, no TCP; from Linux 6.12 on no signal to others either"),
    (1, "no file; from Linux 6.7 on no TCP either, from 6.12 on no signal to others"),
)


_WITHOUT = {
    "exiftool": "only the tags that GRACE reads itself are found",
    "tesseract": "text in pictures is not read",
}
"""What is not done where a program is missing."""


def check_walls(environment: Environment, start: Callable[[int], Zygote] = Zygote) -> Iterator[Found]:
    """A finding for each layer, as the decoding program tried it out just now. Needs no database."""
    try:
        zygote = start(MEMORY_BYTES)
    except (Unavailable, OSError):
        yield Found(
            "decoding", Grade.BAD, "its program does not start", "Start it by hand to see why: python -m grace.evidence.decoding.program"
        )
        return
    walls = zygote.walls
    zygote.close()
    for layer in Layer:
        yield _found(layer, walls, is_strict=environment.decoding_strict)


def check_tools(environment: Environment, make: Callable[[], Tools] = Tools) -> Iterator[Found]:
    """A finding for each external program: which version ran behind which walls just now, or how to get it. Needs no database."""
    tools = make()
    try:
        missing = tools.walls().missing
        for name, found in tools.roll().items():
            if isinstance(found, Away):
                yield Found(name, Grade.NOTE, f"{found.why}: {_WITHOUT[name]}", found.remedy)
                continue
            ran = tools.run(name, "version", b"")
            if not isinstance(ran, Output):
                yield Found(
                    name,
                    Grade.BAD,
                    f"{found.version}, which does not run behind its walls: {ran.reason}",
                    "Report this with the system's name.",
                )
            elif missing:
                names = ", ".join(str(layer.name).lower() for layer in missing)
                says = "does not run (GRACE_DECODING_STRICT)" if environment.decoding_strict else "runs behind the others"
                yield Found(
                    name,
                    Grade.NOTE,
                    f"{found.version}; of the walls around it {names} are missing: it {says}",
                    "See the walls around decoding.",
                )
            else:
                yield Found(name, Grade.GOOD, f"{found.version}, behind all walls")
    except (Unavailable, OSError):
        yield Found(
            "external programs",
            Grade.BAD,
            "their launcher does not start",
            "Start it by hand to see why: python -m grace.evidence.decoding.program.launcher",
        )
    finally:
        tools.close()


def _found(layer: Layer, walls: Walls, *, is_strict: bool) -> Found:
    about = f"decoding, {str(layer.name).lower()}"
    if layer not in walls.layers:
        goes_on = "nothing is decoded (GRACE_DECODING_STRICT)" if is_strict else "decoding goes on behind the other walls"
        return Found(about, Grade.BAD if is_strict else Grade.NOTE, f"missing: {goes_on}", _REMEDY[layer])
    if layer is Layer.LANDLOCK:
        return Found(about, Grade.GOOD, f"version {walls.landlock}: {next(says for since, says in _VERSIONS if walls.landlock >= since)}")
    return Found(about, Grade.GOOD, _STANDS[layer])
