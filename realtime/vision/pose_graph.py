"""MediaPipe's pose graph without what nobody here asks for.

The graph inside the wheel blows the silhouette up to the size of the picture, mixes it
with the last one and works out landmarks in metres, picture for picture. Here these
parts are taken out before it starts, and the silhouette comes as the network makes it: a
small square, with the place of that square in the picture beside it. Landmarks are the
same to the last bit; a look takes about a seventh less time.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from config.settings import PoseSettings

# Parts of the expanded graph that are left out: by the name of the calculator, or by a
# piece of the node's own name (the switches numbered 3 and 4 filter landmarks in metres).
_NO_CALCULATORS = {
    "WarpAffineCalculator",
    "SegmentationSmoothingCalculator",
    "InverseMatrixCalculator",
    "WorldLandmarkProjectionCalculator",
    "SplitLandmarkListCalculator",
    "VisibilityCopyCalculator",
}
_NO_NODES = (
    "posesegmentationfiltering__",
    "switchcontainer_3__",
    "switchcontainer_4__",
    "TensorsToLandmarksCalculator_2",
)
_MASK_NODES = {"FromImageCalculator", "TensorsToSegmentationCalculator"}
_SMALL_MASK = "IMAGE:poselandmarkbyroicpu__roi_segmentation_mask"
_LEAST_DETECTION = (
    "posedetectioncpu__TensorsToDetectionsCalculator.min_score_thresh",
    "poselandmarkbyroicpu__tensorstoposelandmarksandsegmentation__ThresholdingCalculator.threshold",
)


def lean_solution(settings: PoseSettings, want_mask: bool) -> Any:
    """Return a MediaPipe solution whose results carry no more than is used.

    ``process({"image": rgb})`` gives ``pose_landmarks``, ``pose_rect`` (the square that
    the network looked at, as shares of the picture) and, with `want_mask`,
    ``segmentation_mask``: float32, shape (256, 256), of that square.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from mediapipe.python.solution_base import SolutionBase

    graph = _expanded()
    nodes = [node for node in graph.node if not _left_out(node, want_mask)]
    for node in nodes:
        if node.calculator == "FromImageCalculator":
            node.input_stream[0] = _SMALL_MASK
    del graph.node[:]
    graph.node.extend(nodes)
    _replace(graph.output_stream, ["LANDMARKS:pose_landmarks", "RECT:pose_rect"])
    if want_mask:
        graph.output_stream.append("MASK:segmentation_mask")
    side = {
        "model_complexity": settings.complexity,
        "smooth_landmarks": False,
        "enable_segmentation": want_mask,
        "use_prev_landmarks": True,
    }
    _replace(graph.input_side_packet, [f"{name.upper()}:{name}" for name in side])
    least = (settings.min_detection_confidence, settings.min_tracking_confidence)
    return SolutionBase(
        graph_config=graph,
        calculator_params=dict(zip(_LEAST_DETECTION, least, strict=True)),
        side_inputs=side,
    )


def _expanded() -> Any:
    """The graph inside the wheel with all of its parts spelled out."""
    import mediapipe
    from mediapipe.framework import calculator_pb2
    from mediapipe.python._framework_bindings import resource_util, validated_graph_config

    root = Path(mediapipe.__file__).parent
    resource_util.set_resource_dir(str(root.parent))
    found = validated_graph_config.ValidatedGraphConfig()
    found.initialize(
        binary_graph_path=str(root / "modules" / "pose_landmark" / "pose_landmark_cpu.binarypb")
    )
    graph = calculator_pb2.CalculatorGraphConfig()
    graph.ParseFromString(found.binary_config)
    return graph


def _left_out(node: Any, want_mask: bool) -> bool:
    return (
        node.calculator in _NO_CALCULATORS
        or any(piece in node.name for piece in _NO_NODES)
        or (not want_mask and node.calculator in _MASK_NODES)
    )


def _replace(names: Any, by: list[str]) -> None:
    del names[:]
    names.extend(by)
