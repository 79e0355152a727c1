"""``grace web``: the web server alone."""

from __future__ import annotations

import ipaddress
import os
import shutil
import signal
import socket
from pathlib import Path
from typing import Any

import click

from grace.cli import house
from grace.host import environment, launch, secrets
from grace.host.environment import Environment
from grace.host.errors import WrongSetting

USUAL_PORT = 8000
PORTS_TO_TRY = 100


@click.command("web")
@click.option("--socket-fd", type=int, hidden=True, help="A listening socket, given by `grace up`.")
def command(socket_fd: int | None) -> None:
    """Serve the web interface and the API."""
    found = environment.read()
    secrets.make_missing(found)
    if socket_fd is None:
        listener = listen(found)
        click.echo(f"GRACE listens on {address_of(listener, found)}")
        socket_fd = listener.detach()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_fresh_folder(found.home / "run" / "metrics"))
    house.set_up_django()
    house.warm_up_if_needed()
    _collect_static()
    _serve(found, socket_fd)


def listen(found: Environment) -> socket.socket:
    """A listening socket on the wished port, or on the usual one or the next free one."""
    ports = [found.port] if found.port else range(USUAL_PORT, USUAL_PORT + PORTS_TO_TRY)
    family = socket.AF_INET6 if ":" in found.host else socket.AF_INET
    for port in ports:
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((found.host, port))
        except PermissionError:
            listener.close()
            raise WrongSetting(f"Port {port} may not be used by this user.", remedy="Set GRACE_PORT to 1024 or more.") from None
        except OSError:
            listener.close()
            continue
        listener.listen(512)
        return listener
    raise WrongSetting(
        f"No free port on {found.host} ({ports[0]} to {ports[-1]}).", remedy="Set GRACE_PORT to a free one, and check GRACE_HOST."
    )


def address_of(listener: socket.socket, found: Environment) -> str:
    """The address as one types it into a browser."""
    port = listener.getsockname()[1]
    address = ipaddress.ip_address(listener.getsockname()[0])
    if address.is_unspecified or str(address) == "127.0.0.1":
        return f"http://localhost:{port}/"
    return f"http://[{found.host}]:{port}/" if ":" in found.host else f"http://{found.host}:{port}/"


def _fresh_folder(folder: Path) -> Path:
    """An empty folder for the counts that the processes of this server share."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    return folder


def _collect_static() -> None:
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


def _serve(found: Environment, socket_fd: int) -> None:
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):  # type: ignore[misc]  # gunicorn is not typed
        """Gunicorn with our settings and none of its own files."""

        def load_config(self) -> None:
            for name, value in _settings(found, socket_fd).items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            from importlib import import_module

            return import_module("grace.config.wsgi").application

    Server().run()


def _settings(found: Environment, socket_fd: int) -> dict[str, Any]:
    """Gunicorn's settings. A killed process is forked again from the one that has everything loaded."""
    return {
        "bind": f"fd://{socket_fd}",
        "workers": found.web_workers,
        "threads": found.web_threads,
        "worker_class": "gthread",
        "preload_app": True,
        "timeout": 60,
        "graceful_timeout": 5,
        "keepalive": 5,
        "control_socket_disable": True,
        "forwarded_allow_ips": "127.0.0.1,::1",
        "loglevel": "warning",
        "post_fork": _tie_to_arbiter,
        "child_exit": _forget_counts,
    }


def _tie_to_arbiter(_server: object, _worker: object) -> None:
    """Let a process of the server die with the one that forked it, so that nothing keeps the port."""
    launch.die_with_parent(os.getppid(), signal.SIGKILL)


def _forget_counts(_server: object, worker: Any) -> None:
    """Drop the gauges of a process that ended."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)
