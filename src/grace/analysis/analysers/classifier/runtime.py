"""Graphs computed by ONNX Runtime (MIT), on one thread of the processor; the extra ``grace-platform[models]``.

Since 1.29 the library's own builds report to Microsoft from the moment they are loaded. Whoever loads it here has said no before (``ORT_DISABLE_TELEMETRY``:
no thread, no file, no connection), and the decoding program has left the network by then.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Any

import numpy as np

from grace.analysis.analysers.classifier.tensors import tensor_of
from grace.sdk.analysis import Subject
from grace.sdk.models import Computed, ModelInput

if TYPE_CHECKING:
    import onnxruntime

NO_REPORTS = "ORT_DISABLE_TELEMETRY"


class Loaded:
    """A graph that is loaded."""

    def __init__(self, session: onnxruntime.InferenceSession, made: ModelInput, outputs: int) -> None:
        self._session = session
        self._made = made
        self._outputs = outputs
        self._door = session.get_inputs()[0].name

    def compute(self, subject: Subject) -> Computed:
        """The outputs. Raises ``TypeError`` for another subject, ``ValueError`` for other outputs than were promised."""
        tensor = tensor_of(subject, self._made)
        given = np.asarray(self._session.run(None, {self._door: tensor})[0], np.float32).reshape(-1)
        if len(given) != self._outputs or not np.isfinite(given).all():
            raise ValueError("not one finite number for each label")
        return Computed(tuple(float(each) for each in given), hashlib.sha256(tensor.astype("<f4").tobytes()).hexdigest())


class OnnxRuntime:
    """The runtime."""

    name = "none"

    def __init__(self) -> None:
        self._library: Any = None

    def warm_up(self) -> None:
        """Load the library. Raises ``ImportError`` without the extra."""
        os.environ[NO_REPORTS] = "1"
        import onnxruntime

        self._library = onnxruntime
        self.name = f"onnxruntime {onnxruntime.__version__}"
        onnxruntime.disable_telemetry_events()
        onnxruntime.set_default_logger_severity(4)

    def load(self, content: bytes, made: ModelInput, outputs: int) -> Loaded:
        """A graph. Raises ``ValueError`` for one with other doors, and whatever the library raises."""
        if self._library is None:
            raise ValueError("the runtime was not warmed up")
        options = self._library.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.execution_mode = self._library.ExecutionMode.ORT_SEQUENTIAL
        options.graph_optimization_level = self._library.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
        options.enable_cpu_mem_arena = False  # a worker is small and short-lived
        options.use_deterministic_compute = True
        options.log_severity_level = 4
        session = self._library.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        if len(session.get_inputs()) != 1 or len(session.get_outputs()) != 1:
            raise ValueError("one input and one output")
        return Loaded(session, made, outputs)


RUNTIME = OnnxRuntime()
