"""Averages two encoders fine-tuned from one base and writes the mean as an int8 ONNX file.

Weights of fine-tunings of the same base lie in one valley: their mean reads unseen messages about as well as both
together and costs no more than one (Wortsman et al. 2022, "Model soups", https://arxiv.org/abs/2203.05482).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("first", type=Path, help="the .fp32.onnx file of one run of finetune_encoder.py")
    parser.add_argument("second", type=Path, help="that of another")
    parser.add_argument("--weight", type=float, default=0.5, help="share of the first, 0 to 1")
    parser.add_argument("--output", type=Path, required=True, help="ONNX file to write")
    args = parser.parse_args()
    mean, second = onnx.load(args.first), onnx.load(args.second)
    if [node.op_type for node in mean.graph.node] != [node.op_type for node in second.graph.node]:
        parser.error("the two files hold different networks")
    others = {weights.name: numpy_helper.to_array(weights) for weights in second.graph.initializer}
    for weights in mean.graph.initializer:
        own = numpy_helper.to_array(weights)
        if own.dtype == np.float32:
            joined = args.weight * own + (1 - args.weight) * others[weights.name]
            weights.CopyFrom(numpy_helper.from_array(joined.astype(np.float32), weights.name))
    full = args.output.with_suffix(".fp32.onnx")
    onnx.save(mean, full)
    quantize_dynamic(str(full), str(args.output), weight_type=QuantType.QInt8, per_channel=True)
    print(f"wrote {args.output} ({args.output.stat().st_size / 1e6:.1f} MB)")


if __name__ == "__main__":
    main()
