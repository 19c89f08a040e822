"""MediaPipe's pose graph without what nobody here asks for.

The graph inside the wheel blows the silhouette up to the size of the picture, mixes it
with the last one and works out landmarks in metres, picture for picture. Here these
parts are taken out before it starts, and the silhouette comes as the network makes it: a
small square, with the place of that square in the picture beside it. Landmarks are the
same to the last bit; a run takes about a fifth less time.
"""

from __future__ import annotations

import importlib.util
import warnings
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.config.settings import PoseSettings
from hipcue.realtime.vision.cores import threads
from hipcue.realtime.vision.mediapipe_import import skip_package_init

# Parts of the expanded graph that are left out: by the name of the calculator, or by a
# piece of the node's own name (the switches numbered 3 and 4 filter landmarks in metres).
_UNUSED_CALCULATORS = {
    "WarpAffineCalculator",
    "SegmentationSmoothingCalculator",
    "InverseMatrixCalculator",
    "WorldLandmarkProjectionCalculator",
    "SplitLandmarkListCalculator",
    "VisibilityCopyCalculator",
}
_UNUSED_NODES = (
    "posesegmentationfiltering__",
    "switchcontainer_3__",
    "switchcontainer_4__",
    "TensorsToLandmarksCalculator_2",
)
_MASK_NODES = {"FromImageCalculator", "TensorsToSegmentationCalculator"}
_SMALL_MASK = "IMAGE:poselandmarkbyroicpu__roi_segmentation_mask"
# Landmarks, the square that was looked at, the silhouette.
_OUTPUTS = ("LANDMARKS:pose_landmarks", "RECT:pose_rect", "MASK:segmentation_mask")
# What describes the options of the graph's parts, and what comes out of it: options that
# nobody has described are lost without a word when the graph is read.
_OPTIONS = (
    "calculators.core.constant_side_packet_calculator",
    "calculators.core.gate_calculator",
    "calculators.core.split_vector_calculator",
    "calculators.image.warp_affine_calculator",
    "calculators.tensor.image_to_tensor_calculator",
    "calculators.tensor.inference_calculator",
    "calculators.tensor.tensors_to_detections_calculator",
    "calculators.tensor.tensors_to_landmarks_calculator",
    "calculators.tensor.tensors_to_segmentation_calculator",
    "calculators.tflite.ssd_anchors_calculator",
    "calculators.util.detections_to_rects_calculator",
    "calculators.util.landmarks_smoothing_calculator",
    "calculators.util.local_file_contents_calculator",
    "calculators.util.logic_calculator",
    "calculators.util.non_max_suppression_calculator",
    "calculators.util.rect_transformation_calculator",
    "calculators.util.thresholding_calculator",
    "calculators.util.visibility_smoothing_calculator",
    "framework.formats.landmark",
    "framework.formats.rect",
    "framework.tool.switch_container",
)
# Between two pictures; the graph only wants it to grow.
_STEP_US = 33333


@dataclass(frozen=True, slots=True, eq=False)
class GraphOutput:
    """What the graph gives: protocol buffers of MediaPipe, and the silhouette of `rect`.

    `landmarks` are 33 with ``x``, ``y`` (shares of the picture) and ``visibility``; `rect`
    is the square that the network looked at, as shares of the picture; `mask` is float32,
    0 to 1, shape (256, 256), None when it was not asked for.
    """

    landmarks: Any
    rect: Any
    mask: NDArray[np.float32] | None


class PoseGraph:
    """The pose graph, running; for one thread.

    Parameters
    ----------
    settings : PoseSettings
        Complexity and least confidences.
    want_mask : bool
        Whether the silhouette is asked for.

    Raises
    ------
    UserError
        When the wheel has no model of that complexity.
    """

    def __init__(self, settings: PoseSettings, want_mask: bool) -> None:
        skip_package_init()
        _require_model(settings.complexity)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from mediapipe.python import packet_creator, packet_getter
            from mediapipe.python._framework_bindings import calculator_graph, image_frame

        self._format = image_frame.ImageFormat.SRGB
        self._create, self._get = packet_creator, packet_getter
        self._outputs = [name.split(":")[1] for name in _OUTPUTS[: 3 if want_mask else 2]]
        self._graph = calculator_graph.CalculatorGraph(
            graph_config=_reduced_config(settings, want_mask)
        )
        self._seen: dict[str, Any] = {}
        for name in self._outputs:
            self._graph.observe_output_stream(name, self._seen.__setitem__, False)
        side = {
            "model_complexity": packet_creator.create_int(settings.complexity),
            "smooth_landmarks": packet_creator.create_bool(False),
            "enable_segmentation": packet_creator.create_bool(want_mask),
            "use_prev_landmarks": packet_creator.create_bool(True),
        }
        self._graph.start_run(side)
        self._at_us = 0

    def run(self, image_rgb: NDArray[np.uint8]) -> GraphOutput | None:
        """Run on a picture, which must be read-only; None when nobody is in it."""
        self._seen.clear()
        self._at_us += _STEP_US
        picture = self._create.create_image_frame(image_rgb, image_format=self._format)
        self._graph.add_packet_to_input_stream("image", picture.at(self._at_us))
        self._graph.wait_until_idle()
        if any(name not in self._seen for name in self._outputs):
            return None
        found = self._seen
        mask = found.get("segmentation_mask")
        return GraphOutput(
            self._get.get_proto(found["pose_landmarks"]).landmark,
            self._get.get_proto(found["pose_rect"]),
            None if mask is None else self._get.get_image_frame(mask).numpy_view(),
        )

    def close(self) -> None:
        """Give it back."""
        self._graph.close()


def _reduced_config(settings: PoseSettings, want_mask: bool) -> Any:
    """The graph with nothing in it that is not used."""
    from mediapipe.calculators.tensor import inference_calculator_pb2 as inference
    from mediapipe.calculators.tensor import tensors_to_detections_calculator_pb2 as detections
    from mediapipe.calculators.util import thresholding_calculator_pb2 as thresholding

    graph = _expanded_config()
    nodes = [node for node in graph.node if not _is_unused(node, want_mask)]
    for node in nodes:
        if node.calculator == "FromImageCalculator":
            node.input_stream[0] = _SMALL_MASK
        elif node.calculator.startswith("InferenceCalculator"):
            options = node.options.Extensions[inference.InferenceCalculatorOptions.ext]
            options.delegate.xnnpack.num_threads = threads(settings)
        elif node.calculator == "TensorsToDetectionsCalculator":
            options = node.options.Extensions[detections.TensorsToDetectionsCalculatorOptions.ext]
            options.min_score_thresh = settings.min_detection_confidence
        elif node.calculator == "ThresholdingCalculator":
            options = node.options.Extensions[thresholding.ThresholdingCalculatorOptions.ext]
            options.threshold = settings.min_tracking_confidence
    # All parts run in the calling thread, one after the other as they must anyway: handing
    # a picture on between threads costs 5 to 10 % of the time at a camera's pace.
    del graph.executor[:]
    graph.executor.add().type = "ApplicationThreadExecutor"
    del graph.node[:]
    graph.node.extend(nodes)
    del graph.output_stream[:]
    graph.output_stream.extend(_OUTPUTS[: 3 if want_mask else 2])
    smoothing = [side for side in graph.input_side_packet if "smooth_segmentation" in side]
    for side in smoothing:
        graph.input_side_packet.remove(side)
    return graph


def _require_model(complexity: int) -> None:
    """Say so when a model is not there: MediaPipe would try to fetch it from the net."""
    size = ("lite", "full", "heavy")[complexity]
    found = importlib.util.find_spec("mediapipe.modules.pose_landmark")
    folders = list(found.submodule_search_locations or []) if found is not None else []
    if not any((Path(folder) / f"pose_landmark_{size}.tflite").is_file() for folder in folders):
        raise UserError(
            f"no pose model for pose.complexity = {complexity}",
            f"this mediapipe does not bring the {size} one",
            "pose.complexity = 1",
        )


def _expanded_config() -> Any:
    """The graph inside the wheel with all of its parts spelled out."""
    for name in _OPTIONS:
        import_module(f"mediapipe.{name}_pb2")
    from mediapipe.framework import calculator_pb2
    from mediapipe.python._framework_bindings import resource_util, validated_graph_config

    root = Path(calculator_pb2.__file__).parents[1]
    resource_util.set_resource_dir(str(root.parent))
    found = validated_graph_config.ValidatedGraphConfig()
    found.initialize(
        binary_graph_path=str(root / "modules" / "pose_landmark" / "pose_landmark_cpu.binarypb")
    )
    graph = calculator_pb2.CalculatorGraphConfig()
    graph.ParseFromString(found.binary_config)
    return graph


def _is_unused(node: Any, want_mask: bool) -> bool:
    return (
        node.calculator in _UNUSED_CALCULATORS
        or any(piece in node.name for piece in _UNUSED_NODES)
        or (not want_mask and node.calculator in _MASK_NODES)
    )
