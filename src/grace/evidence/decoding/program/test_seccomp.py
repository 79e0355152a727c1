from __future__ import annotations

import errno
import platform
import struct

import pytest

from grace.evidence.decoding.program import bpf, landlock, outside, seccomp

ALLOW, KILL = 0x7FFF0000, 0x80000000
PROCESS = 4711
AUDIT = {name: machine.audit for name, machine in bpf.MACHINES.items()}


def verdict(machine: str, number: int, *arguments: int, audit: int | None = None, calls: bpf.Calls | None = None) -> int:
    """What the kernel's BPF machine makes of a call: the few instructions that filters here are made of, slowly."""
    values = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("<IIQ6Q", number, AUDIT[machine] if audit is None else audit, 0, *values)
    steps, place, held = bpf.assembled(bpf.MACHINES[machine], calls or seccomp.calls(PROCESS)), 0, 0
    while True:
        code, true, false, constant = steps[place]
        place += 1
        if code == 0x06:
            return constant
        if code == 0x20:
            held = int.from_bytes(data[constant : constant + 4], "little")
        elif code == 0x54:
            held &= constant
        else:
            holds = {0x15: held == constant, 0x35: held >= constant, 0x45: bool(held & constant)}[code]
            place += true if holds else false


CALLS = {  # by name: on x86-64, on 64-bit ARM
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "prctl": (157, 167),
    "clone": (56, 220),
    "prlimit64": (302, 261),
    "tgkill": (234, 131),
    "sendto": (44, 206),
}


@pytest.mark.parametrize("column", [0, 1])
@pytest.mark.parametrize(
    ("name", "arguments", "wanted"),
    [
        ("mmap", (0, 4096, 3), ALLOW),
        ("mmap", (0, 4096, 7), KILL),
        ("mprotect", (0, 4096, 1), ALLOW),
        ("mprotect", (0, 4096, 5), KILL),
        ("prctl", (15,), ALLOW),
        ("prctl", (22, 2), KILL),
        ("prctl", (4, 1), KILL),
        ("clone", (0x3D0F00,), ALLOW),
        ("clone", (17,), KILL),
        ("clone", (0x3D0F00 | 0x40000000,), KILL),
        ("prlimit64", (0, 0), ALLOW),
        ("prlimit64", (1, 0), KILL),
        ("tgkill", (PROCESS, PROCESS, 6), ALLOW),
        ("tgkill", (1, 1, 6), KILL),
        ("sendto", (3, 0, 9, 0, 0), ALLOW),
        ("sendto", (3, 0, 9, 0, 5), KILL),
        ("sendto", (3, 0, 9, 0, 5 << 32), KILL),
    ],
)
def test_arguments_are_looked_at(column: int, name: str, arguments: tuple[int, ...], wanted: int) -> None:
    assert verdict(list(bpf.MACHINES)[column], CALLS[name][column], *arguments) == wanted


ADDRESS = 0x7F12_3456_789A
OF_PROGRAMS = {
    "execve": (59, 221),
    "openat": (257, 56),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "fcntl": (72, 25),
    "clone": (56, 220),
    "socket": (41, 198),
    "kill": (62, 129),
    "execveat": (322, 281),
    "read": (0, 63),
}
NOT_PERMITTED, NO_ACCESS = 0x00050000 | errno.EPERM, 0x00050000 | errno.EACCES


@pytest.mark.parametrize("column", [0, 1])
@pytest.mark.parametrize(
    ("name", "arguments", "wanted"),
    [
        ("execve", (ADDRESS,), ALLOW),
        ("execve", (ADDRESS + 1,), KILL),
        ("execve", (ADDRESS + (1 << 32),), KILL),
        ("execve", (ADDRESS & 0xFFFFFFFF,), KILL),
        ("execveat", (3, ADDRESS), NOT_PERMITTED),
        ("openat", (3, 0, 0o2000000), ALLOW),
        ("openat", (3, 0, 1), NO_ACCESS),
        ("openat", (3, 0, 2), NO_ACCESS),
        ("openat", (3, 0, 0o100), NO_ACCESS),
        ("mmap", (0, 4096, 3, 0x22, 2**32 - 1), ALLOW),
        ("mmap", (0, 4096, 5, 2, 3), ALLOW),
        ("mmap", (0, 4096, 5, 2, 0), KILL),
        ("mmap", (0, 4096, 5, 0x22, 2**32 - 1), KILL),
        ("mmap", (0, 4096, 7, 2, 3), KILL),
        ("mprotect", (0, 4096, 1), ALLOW),
        ("mprotect", (0, 4096, 5), KILL),
        ("fcntl", (0, 2), ALLOW),
        ("fcntl", (0, 0), NOT_PERMITTED),
        ("fcntl", (0, 1030), NOT_PERMITTED),
        ("clone", (0x3D0F00,), ALLOW),
        ("clone", (17,), NOT_PERMITTED),
        ("socket", (), NOT_PERMITTED),
        ("kill", (PROCESS,), NOT_PERMITTED),
        ("read", (), ALLOW),
    ],
)
def test_an_external_program_is_executed_once_and_opens_files_to_read(
    column: int, name: str, arguments: tuple[int, ...], wanted: int
) -> None:
    start = outside.Start("/usr/bin/invented")
    start.address = ADDRESS
    assert verdict(list(bpf.MACHINES)[column], OF_PROGRAMS[name][column], *arguments, calls=outside.calls(PROCESS, start)) == wanted


def test_where_a_path_lies_is_left_to_chance() -> None:
    assert len({outside.Start("/usr/bin/invented").address & 0xFFF for _ in range(20)}) > 10


@pytest.mark.parametrize("machine", bpf.MACHINES)
def test_the_tables_say_what_is_allowed_and_all_else_ends_the_process(machine: str) -> None:
    column = bpf.MACHINES[machine].column
    allowed = {numbers[column] for numbers in seccomp.ALLOWED.values()} - {None}
    refused = {numbers[column] for numbers in seccomp.REFUSED.values()} - {None}
    looked_at = {numbers[column] for numbers in CALLS.values()}
    assert not allowed & refused
    assert not looked_at & (allowed | refused)
    for number in set(range(1000)) - looked_at - {435}:
        wanted = ALLOW if number in allowed else 0x00050000 | errno.EACCES if number in refused else KILL
        assert verdict(machine, number) == wanted, number
    assert verdict(machine, 435) == 0x00050000 | errno.ENOSYS


def test_calls_by_another_machines_numbers_end_the_process() -> None:
    assert verdict("x86_64", 0) == ALLOW
    assert verdict("x86_64", 0x40000000) == KILL  # x32
    assert verdict("x86_64", 0, audit=0x40000003) == KILL  # i386, where 0 is restart_syscall
    assert verdict("aarch64", 63, audit=0x40000028) == KILL  # 32-bit ARM


@pytest.mark.parametrize(
    ("version", "files", "ports", "scopes"),
    [(1, 0x1FFF, 0, 0), (2, 0x3FFF, 0, 0), (3, 0x7FFF, 0, 0), (4, 0x7FFF, 3, 0), (5, 0xFFFF, 3, 0), (6, 0xFFFF, 3, 3), (99, 0xFFFF, 3, 3)],
)
def test_each_version_of_landlock_is_asked_for_what_it_knows(version: int, files: int, ports: int, scopes: int) -> None:
    assert landlock.ruleset(version) == struct.pack("<QQQ", files, ports, scopes)


def test_the_filter_that_is_kept_is_that_of_the_process_once_it_is_named() -> None:
    code = seccomp.code()
    if code is None:
        pytest.skip("no filter for this machine")
    named = b"".join(struct.pack("=HBBI", *step) for step in bpf.assembled(bpf.MACHINES[platform.machine()], seccomp.calls(PROCESS)))
    assert code.replace(struct.pack("=I", seccomp._TO_BE_NAMED), struct.pack("=I", PROCESS)) == named
