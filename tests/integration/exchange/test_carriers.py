"""One contract, two carriers: by HTTP and by file a package arrives whole, once, with a receipt, or is refused with the same reasons."""

from __future__ import annotations

import hashlib
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from grace.custody.ledger import page
from grace.evidence import files, vault
from grace.evidence.models import File
from grace.exchange import carrier, outbox, spool
from grace.exchange.errors import Rejected
from grace.exchange.http import Http
from grace.exchange.models import Arrival, Dispatch
from grace.exchange.outbox import Order
from grace.exchange.request import Asked, headers
from grace.kernel import clock
from grace.pipeline import agencies, hand_over, take_over
from grace.pipeline.receive import Delivery, Intake, receive
from grace.referrals.models import Referral
from grace.simulate.plan import Form, WorldPlan
from grace.simulate.world import World
from tests.support.agencies import Installation, acquaint, administrators, write_key
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_officer, make_unit, viewer_for
from tests.support.world import as_bytes


@pytest.fixture
def two(committed_db: None, place: vault.Place, tmp_path: Path) -> tuple[Installation, Installation]:
    north = Installation("Example Police North", "DE", tmp_path / "north", make_unit("Harbour Unit"))
    return north, Installation("Example Police South", "FR", tmp_path / "south", make_unit("Hill Unit"))


class CarrierContract(ABC):
    """Inherit, and say how a package is carried from North to South."""

    north: Installation
    south: Installation

    @abstractmethod
    def carry(self, dispatch: Dispatch) -> None:
        """Carry it, and bring back what the recipient says."""

    def offered(self) -> Dispatch:
        """A referral with pictures, handed over by Alice."""
        plan = WorldPlan(
            referrals=1,
            duplicate_share=0,
            version_share=0,
            truncated_share=0,
            flaw_share=0,
            forms=((Form.LEA_ZIP, 1.0),),
            files_per_referral=3,
        )
        document = World(plan).document(0)
        receive(Intake(self.north.unit.id, "test", "system:test"), [Delivery(document.name, as_bytes(document))])
        alice = viewer_for(make_officer("Alice", self.north.unit, EVERYTHING_BUT_ACCOUNTS))
        with self.north.at_home():
            return hand_over.hand_over(alice, Referral.objects.get().id, Order(self.south.agency, "investigation", "Theirs."))

    def test_it_arrives_whole_and_once(self) -> None:
        dispatch = self.offered()
        self.carry(dispatch)
        self.carry_again(dispatch)
        dispatch.refresh_from_db()
        assert (dispatch.state, dispatch.object_id) == ("delivered", None)
        arrival = Arrival.objects.get()
        assert (arrival.package, bytes(arrival.sha256), arrival.receipt) == (dispatch.id, bytes(dispatch.sha256), dispatch.receipt)
        charlie = viewer_for(make_officer("Charlie", self.south.unit, EVERYTHING_BUT_ACCOUNTS))
        held = set(map(bytes, File.objects.values_list("sha256", flat=True)))
        with self.south.at_home():
            take_over.accept(charlie, arrival.id)
        assert Referral.objects.filter(unit=self.south.unit).count() == 1
        assert {hashlib.sha256(vault.read(each.object_id)).digest() for each in File.objects.filter(sha256__in=held)} == set(
            map(bytes, held)
        )
        assert files.known(held)

    def test_a_revoked_sender_is_refused_with_the_reason(self) -> None:
        dispatch = self.offered()
        with self.south.at_home():
            agencies.revoke(administrators(self.south.unit)[0], self.north.agency, "The key was lost.")
        self.expect_refusal(dispatch, "revoked-key")

    def test_a_body_that_changed_on_the_way_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        dispatch = self.offered()
        whole = carrier.Parcel.read

        def changed(parcel: carrier.Parcel, at: int, most: int) -> bytes:
            part = bytearray(whole(parcel, at, most))
            if part and at >= len(parcel.head):
                part[-1] ^= 1
            return bytes(part)

        monkeypatch.setattr(carrier.Parcel, "read", changed)
        self.expect_refusal(dispatch, "tampered")

    def test_nothing_is_packed_for_whoever_may_not_receive_any_more(self) -> None:
        dispatch = self.offered()
        with self.north.at_home():
            agencies.revoke(administrators(self.north.unit)[0], self.south.agency, "The key was lost.")
            hand_over.send_due()
            with pytest.raises(Exception, match="No such package waits"):
                hand_over.export(dispatch.id, self.north.folder / "never")
        assert not (self.north.folder / "never").exists()
        assert not Arrival.objects.exists()

    def carry_again(self, dispatch: Dispatch) -> None:
        """The same once more changes nothing."""
        with self.north.at_home():
            assert hand_over.send_due() == 0

    @abstractmethod
    def expect_refusal(self, dispatch: Dispatch, code: str) -> None:
        """Carry it, and see it refused."""


class TestByFile(CarrierContract):
    @pytest.fixture(autouse=True)
    def installations(self, two: tuple[Installation, Installation], tmp_path: Path) -> None:
        self.north, self.south = two
        self.file = tmp_path / "package"
        acquaint(self.north, self.south)

    def carry(self, dispatch: Dispatch) -> None:
        with self.north.at_home():
            hand_over.export(dispatch.id, self.file)
        with self.south.at_home(), self.file.open("rb") as stream:
            receipt = take_over.receive_package(stream).receipt
        with self.north.at_home():
            hand_over.take_receipt(receipt)

    def expect_refusal(self, dispatch: Dispatch, code: str) -> None:
        with pytest.raises(Rejected) as refused:
            self.carry(dispatch)
        assert refused.value.code == code

    def test_a_file_that_is_there_is_not_written_over(self) -> None:
        dispatch = self.offered()
        self.file.write_text("something else")
        with self.north.at_home(), pytest.raises(Exception, match="already"):
            hand_over.export(dispatch.id, self.file)
        assert self.file.read_text() == "something else"
        assert [path.name for path in self.file.parent.glob(".*")] == []


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        return


class TestByHttp(CarrierContract):
    @pytest.fixture(autouse=True)
    def installations(self, two: tuple[Installation, Installation]) -> Iterator[None]:
        self.north, self.south = two
        self.served: list[tuple[str, str]] = []
        self.between: Callable[[int], None] = lambda _number: None
        server = make_server("127.0.0.1", 0, self._as_south(WSGIHandler()), handler_class=_Silent)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self.south.address = f"http://127.0.0.1:{server.server_port}"
        acquaint(self.north, self.south)
        yield
        server.shutdown()
        server.server_close()
        thread.join()

    def _as_south(self, site: WSGIHandler) -> Callable[..., Any]:
        """North waits while South answers, so that each can stand in settings of its own."""

        def answer(environ: dict[str, Any], start: Any) -> Any:
            self.served.append((environ["REQUEST_METHOD"], environ.get("QUERY_STRING", "")))
            self.between(len(self.served))
            try:
                with self.south.at_home():
                    return [b"".join(site(environ, start))]
            finally:
                connection.close()

        return answer

    def carry(self, dispatch: Dispatch) -> None:
        with self.north.at_home():
            assert hand_over.send_due() == 1

    def expect_refusal(self, dispatch: Dispatch, code: str) -> None:
        with self.north.at_home():
            assert hand_over.send_due() == 0
        dispatch.refresh_from_db()
        assert (dispatch.state, dispatch.failure) == ("failed", code)
        denied = [entry for entry in page(limit=100) if entry.denied]
        assert {entry.act for entry in denied} == {"exchange.receive", "exchange.deliver"}

    def test_it_goes_on_where_the_line_broke(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for module in ("grace.exchange.http", "grace.exchange.carrier"):
            monkeypatch.setattr(f"{module}.CHUNK", 50_000)
        dispatch = self.offered()

        def cut(number: int) -> None:
            if number == 4:
                raise OSError("cut")

        self.between = cut
        with self.north.at_home():
            assert hand_over.send_due() == 0
        dispatch.refresh_from_db()
        assert (dispatch.state, dispatch.attempts) == ("waiting", 1)
        assert dispatch.failure
        assert dispatch.due_at is not None
        before = len(self.served)
        with self.north.at_home(), clock.held(dispatch.due_at):
            assert hand_over.send_due() == 1
        again = [query for method, query in self.served[before:] if method == "POST"]
        assert again
        assert "at=0" not in again
        assert Arrival.objects.count() == 1
        assert spool.held(self.north.agency, dispatch.id) == 0

    def test_an_answer_that_got_lost_is_asked_for_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        dispatch = self.offered()

        def died(*_: object) -> None:
            raise RuntimeError("died before the receipt was noted")

        with monkeypatch.context() as patched, self.north.at_home():
            patched.setattr(outbox, "delivered", died)
            with pytest.raises(RuntimeError):
                hand_over.send_due()
        assert Arrival.objects.count() == 1
        self.carry(dispatch)
        assert Arrival.objects.count() == 1
        assert Dispatch.objects.get(id=dispatch.id).state == "delivered"

    @pytest.mark.parametrize("header", ["Grace-Agency", "Grace-Time", "Grace-Signature"])
    def test_an_unsigned_request_is_refused_and_written_down(self, header: str, client: Any) -> None:
        address = f"/exchange/v1/packages/{self.offered().id}"
        with self.north.at_home():
            signed = headers(Asked("GET", address, self.south.agency), clock.now())
        with self.south.at_home():
            assert client.get(address, headers=signed).json() == {"bytes": 0}
            refused = client.get(address, headers={name: value for name, value in signed.items() if name != header})
            assert (refused.status_code, refused.json()["code"]) == (403, "wrong-signature")
            assert client.get(f"{address}?at=1", headers=signed).json()["code"] == "wrong-signature"
        assert page(limit=1)[0].denied

    def test_a_request_that_was_recorded_is_refused_later(self, client: Any) -> None:
        address = f"/exchange/v1/packages/{self.offered().id}"
        with self.north.at_home():
            signed = headers(Asked("GET", address, self.south.agency), clock.now() - timedelta(minutes=11))
        with self.south.at_home():
            assert client.get(address, headers=signed).json()["code"] == "stale-request"

    def test_a_recipient_with_another_key_cannot_give_the_receipt(self) -> None:
        dispatch = self.offered()
        write_key(self.south.key, self.south.agency)
        with self.north.at_home():
            assert hand_over.send_due(Http(timeout=5)) == 0
        dispatch.refresh_from_db()
        assert dispatch.state == "failed"
        assert outbox.next_due() is None
        assert not Arrival.objects.exists()
