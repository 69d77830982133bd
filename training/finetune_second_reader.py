"""Fine-tunes the second reader on Mutual's own corpus and writes it as an ONNX file with 8-bit weights.

Needs PyTorch, transformers, onnx, onnxruntime and spaCy with its model: see docs/encoder.md for the environment and the
command. The base is all-mpnet-base-v2, of which the first eight of twelve layers are kept: the words' mean there tells
disclosures apart better than at the end. The lower four layers stay as published and read every text once, before the
training; the upper four learn, with two heads: the label of each message (safety category, intent or passage), and its
tier.

Every message is also learnt misspelt, among others, and with its genders swapped (see `genders.py`).
"""

from __future__ import annotations

import argparse
import copy
import json
import logging
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from genders import swapped
from messages import ROOT, TIERS, Example, among_others, corpus, in_development, pieces, plain, spoil
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from step import learn
from torch import nn
from transformers import AutoModel, AutoTokenizer

MAX_TOKENS = 256
WIDTH = 768
LOWER, KEPT = 4, 8
"""Layers that stay as they are, and layers kept at all."""
SHARPNESS = 8.0
"""Vectors have length 1: scores are multiplied by this before the softmax."""
SPOILT, VARIED = 0.5, 0.65
"""Share of messages that get a misspelt twin, and chance that a twin is learnt in a message's place in an epoch."""
PIECES = 3_000
"""How many pieces of long ordinary messages are learnt beside the messages."""
TIER_WEIGHTS = (1.0, 1.0, 1.3, 1.3, 1.5)
"""What a mistake costs at each of `TIERS`."""


@dataclass(frozen=True)
class Variant:
    """One way a message is learnt: the message's number in the corpus and the text."""

    example: int
    text: str


def variants(examples: Sequence[Example], chance: random.Random) -> list[Variant]:
    """Every message as it stands, some of them misspelt or hidden among others, and those with genders swapped."""
    ordinary = [e.text for e in examples if e.tier == "none" and len(e.text.split()) < 25]
    found = [Variant(i, plain(e.text)) for i, e in enumerate(examples)]
    for i in chance.sample(range(len(examples)), int(SPOILT * len(examples))):
        text = examples[i].text
        if chance.random() < 0.15 and len(text.split()) < 30:
            text = among_others(text, ordinary, chance)
        found.append(Variant(i, plain(spoil(text, chance)) or plain(text)))
    for i, text in enumerate(swapped(e.text for e in examples)):
        if text != examples[i].text:
            found.append(Variant(i, plain(text)))
    return found


def mask_of(attention: torch.Tensor) -> torch.Tensor:
    """What MPNet's layers add to the attention of words that are not there."""
    return (1 - attention[:, None, None, :].float()) * -1e4


class Stack(nn.Module):
    """Some of the base's layers, with the position bias they share."""

    def __init__(self, encoder: nn.Module, first: int, last: int) -> None:
        super().__init__()
        self.encoder = copy.deepcopy(encoder)
        self.encoder.layer = self.encoder.layer[first:last]

    def forward(self, hidden: torch.Tensor, attention: torch.Tensor) -> torch.Tensor:
        bias, mask = self.encoder.compute_position_bias(hidden), mask_of(attention)
        for layer in self.encoder.layer:
            hidden = layer(hidden, mask, bias)[0]
        return hidden


class Lower(nn.Module):
    """Word vectors and the layers that stay as published."""

    def __init__(self, base: nn.Module) -> None:
        super().__init__()
        self.embeddings = base.embeddings
        self.stack = Stack(base.encoder, 0, LOWER)

    def forward(self, ids: torch.Tensor, attention: torch.Tensor) -> torch.Tensor:
        return self.stack(self.embeddings(input_ids=ids), attention)


class Upper(nn.Module):
    """The layers that learn, the mean over the words, centred and of length 1, and the two heads."""

    def __init__(self, base: nn.Module, labels: int) -> None:
        super().__init__()
        self.stack = Stack(base.encoder, LOWER, KEPT)
        self.label = nn.Linear(WIDTH, labels)
        self.tier = nn.Linear(WIDTH, len(TIERS))
        self.register_buffer("centre", torch.zeros(WIDTH))

    def mean(self, hidden: torch.Tensor, attention: torch.Tensor) -> torch.Tensor:
        hidden, mask = self.stack(hidden, attention).float(), attention.unsqueeze(-1)
        return (hidden * mask).sum(1) / mask.sum(1)

    def forward(self, hidden: torch.Tensor, attention: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        vector = nn.functional.normalize(self.mean(hidden, attention) - self.centre, dim=1)
        return self.label(vector) * SHARPNESS, self.tier(vector) * SHARPNESS


class States:
    """What the lower layers make of all texts, once for all epochs: half precision, on disk."""

    def __init__(self, lower: Lower, tokens: Sequence[Sequence[int]], file: Path, pad: int) -> None:
        self.lengths = np.array([len(ids) for ids in tokens])
        self._starts = np.concatenate([[0], np.cumsum(self.lengths)])
        self._states: npt.NDArray[np.float16] = np.lib.format.open_memmap(
            file, "w+", np.float16, (int(self._starts[-1]), WIDTH)
        )
        order, started = np.argsort(self.lengths), time.time()
        for done in range(0, len(order), 32):
            chosen = order[done : done + 32]
            longest = int(self.lengths[chosen].max())
            ids = torch.full((len(chosen), longest), pad)
            attention = torch.zeros(len(chosen), longest, dtype=torch.long)
            for row, i in enumerate(chosen):
                ids[row, : len(tokens[i])], attention[row, : len(tokens[i])] = torch.tensor(tokens[i]), 1
            with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
                hidden = lower(ids, attention).to(torch.float16).numpy()
            for row, i in enumerate(chosen):
                self._states[self._starts[i] : self._starts[i + 1]] = hidden[row, : self.lengths[i]]
            progress(f"read {done + len(chosen)}/{len(order)} texts {time.time() - started:.0f} s")

    def batch(self, chosen: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
        """Hidden states (n, longest, 768) of some texts and which of their places hold words (n, longest)."""
        longest = int(self.lengths[list(chosen)].max())
        hidden = np.zeros((len(chosen), longest, WIDTH), np.float32)
        attention = np.zeros((len(chosen), longest), np.int64)
        for row, i in enumerate(chosen):
            hidden[row, : self.lengths[i]] = self._states[self._starts[i] : self._starts[i + 1]]
            attention[row, : self.lengths[i]] = 1
        return torch.from_numpy(hidden), torch.from_numpy(attention)


def batches(chosen: list[int], lengths: npt.NDArray[np.int64], size: int, chance: random.Random) -> Iterator[list[int]]:
    """Texts of like length together, in random order."""
    chance.shuffle(chosen)
    found = []
    for start in range(0, len(chosen), 32 * size):
        block = sorted(chosen[start : start + 32 * size], key=lambda i: lengths[i])
        found += [block[i : i + size] for i in range(0, len(block), size)]
    chance.shuffle(found)
    yield from found


def progress(text: str) -> None:
    print(f"\r{text}", end="", file=sys.stderr, flush=True)


class Exported(nn.Module):
    """What is shipped: word pieces in, the probability of each label out."""

    def __init__(self, lower: Lower, upper: Upper) -> None:
        super().__init__()
        self.lower, self.upper = lower, upper

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        attention = torch.ones_like(input_ids)
        labels, _ = self.upper(self.lower(input_ids, attention), attention)
        return labels.softmax(1)


def export(lower: Lower, upper: Upper, labels: Sequence[str], output: Path) -> None:
    """Writes the ONNX file; its labels, and which of them are safety categories, stand in the metadata.

    Weights alone are 8-bit, in blocks of 64: activations of MPNet hold outliers, and with them in 8 bits too one label
    in four came out differently (cosine 0.87 to the unrounded vectors, 0.999 with weights alone).
    """
    categories = sorted({e.intent for e in corpus() if e.tier != "none"})
    with tempfile.TemporaryDirectory() as folder:
        full, blocks = str(Path(folder) / "full.onnx"), str(Path(folder) / "blocks.onnx")
        torch.onnx.export(
            Exported(lower, upper).eval(),
            (torch.tensor([[0, 7596, 1049, 2]]),),
            full,
            input_names=["input_ids"],
            output_names=["probabilities"],
            dynamic_axes={"input_ids": {1: "words"}},
            opset_version=17,
            dynamo=False,
        )
        network = onnx.load(full)
        network.metadata_props.add(key="labels", value=json.dumps(labels))
        network.metadata_props.add(key="categories", value=json.dumps(categories))
        quantizer = MatMulNBitsQuantizer(network, bits=8, block_size=64, is_symmetric=True, accuracy_level=4)
        quantizer.process()
        quantizer.model.save_model_to_file(blocks, False)
        output.parent.mkdir(parents=True, exist_ok=True)
        # The word vectors are looked up, not multiplied: 8 bits do.
        quantize_dynamic(blocks, str(output), weight_type=QuantType.QInt8, op_types_to_quantize=["Gather"])
    print(f"\nwrote {output} ({output.stat().st_size / 1e6:.1f} MB)")


def report(upper: Upper, states: States, held: Sequence[int], tiers: Sequence[int]) -> None:
    """Prints recall at 2 % and 5 % false alarms on messages left out of the training."""
    upper.eval()
    scores = []
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for i in range(0, len(held), 64):
            scores.append(upper(*states.batch(held[i : i + 64]))[1].float().softmax(1))
    upper.train()
    alarm, must = 1 - torch.cat(scores)[:, 0].numpy(), np.array([tiers[i] > 0 for i in held])
    for share in (0.02, 0.05):
        print(
            f"\nrecall at {share:.0%} false alarms: {(alarm[must] > np.quantile(alarm[~must], 1 - share)).mean():.3f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", required=True, help="folder of the fp32 all-mpnet-base-v2 weights and tokenizer")
    parser.add_argument("--output", type=Path, default=ROOT / "mutual/nlu/weights/second_reader.onnx", help="ONNX file")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rate", type=float, default=7e-5, help="peak learning rate of the layers")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--everything", action="store_true", help="learn the development tenth too")
    parser.add_argument("--messages", type=int, help="learn only so many, to try the script")
    args = parser.parse_args()
    logging.disable(logging.INFO)  # the quantizer names every node
    torch.manual_seed(args.seed), torch.set_num_threads(args.threads)
    chance = random.Random(args.seed)

    examples = corpus()
    chance.shuffle(examples)
    examples = examples[: args.messages]
    parts = pieces(examples, chance)
    examples += chance.sample(parts, min(PIECES, len(parts)))
    labels = sorted({e.intent for e in examples})
    label, tier = [labels.index(e.intent) for e in examples], [TIERS.index(e.tier) for e in examples]
    ways = variants(examples, chance)
    print(f"{len(examples)} messages, {len(ways)} texts, {len(labels)} labels", flush=True)

    base = AutoModel.from_pretrained(args.base, attn_implementation="eager")
    tokenizer = AutoTokenizer.from_pretrained(args.base)
    tokens = tokenizer([way.text for way in ways], truncation=True, max_length=MAX_TOKENS)["input_ids"]
    lower, upper = Lower(base).eval(), Upper(base, len(labels))
    with tempfile.TemporaryDirectory() as folder:
        states = States(lower, tokens, Path(folder) / "states.npy", tokenizer.pad_token_id)
        held = [i for i, e in enumerate(examples) if in_development(e.text)]
        learnt = [*range(len(examples))] if args.everything else sorted({*range(len(examples))} - {*held})
        others: dict[int, list[int]] = {}
        for i, way in enumerate(ways[len(examples) :], len(examples)):
            others.setdefault(way.example, []).append(i)
        with torch.no_grad():
            upper.eval()
            some = [upper.mean(*states.batch([i])) for i in chance.sample(learnt, min(600, len(learnt)))]
            upper.centre.copy_(torch.cat(some).mean(0))
        optimizer = torch.optim.AdamW(
            [
                {"params": upper.stack.parameters(), "lr": args.rate},
                {"params": [*upper.label.parameters(), *upper.tier.parameters()], "lr": 2e-3},
            ],
            weight_decay=0.01,
        )
        steps, step, started = args.epochs * (len(learnt) // args.batch + 1), 0, time.time()
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: min(1.0, step / (0.06 * steps + 1)) * max(0.02, 1 - step / steps)
        )
        for _ in range(args.epochs):
            upper.train()
            way_of = [chance.choice(others[i]) if i in others and chance.random() < VARIED else i for i in learnt]
            for batch in batches(way_of, states.lengths, args.batch, chance):
                of = [ways[i].example for i in batch]
                # Half precision: a step costs two thirds.
                with torch.autocast("cpu", dtype=torch.bfloat16):
                    by_label, by_tier = upper(*states.batch(batch))
                loss = nn.functional.cross_entropy(
                    by_label.float(), torch.tensor([label[i] for i in of]), label_smoothing=0.05
                ) + nn.functional.cross_entropy(
                    by_tier.float(), torch.tensor([tier[i] for i in of]), weight=torch.tensor(TIER_WEIGHTS)
                )
                learn(loss, upper, optimizer, schedule)
                step += 1
                progress(f"step {step}/{steps} loss {loss.item():.3f} {time.time() - started:.0f} s")
            report(upper, states, held, tier)
    upper.eval()
    export(lower, upper, labels, args.output)


if __name__ == "__main__":
    main()
