"""Fine-tunes the sentence encoder on Mutual's own corpus and writes it as an int8 ONNX file.

Needs PyTorch, transformers and onnx, which the product itself does not: see docs/encoder.md for the environment and the
command. The result takes the place of the general encoder: same inputs, 384 numbers, a little better informed.

Three things are learnt at once, all on the mean-pooled, normalised vector:
- the intent of each message (every safety category and kind of ordinary message), or the passage a question asks for;
- whether it must be routed, and at which tier, with the cost of a miss above that of a false alarm;
- to stay near the general encoder's vector, so that retrieval and unseen ways of writing keep working.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import torch
from messages import Example, among_others, corpus, in_development, pieces, plain, spoil
from onnxruntime.quantization import QuantType, quantize_dynamic
from step import learn
from torch import nn
from transformers import AutoModel, AutoTokenizer

MAX_TOKENS = 256


def resume(encoder: nn.Module, run: Path) -> None:
    """Takes over the weights of an earlier run.

    Args:
        encoder: The encoder to fill.
        run: The fp32 ONNX file that run wrote; the exporter transposes a layer's weights and names them by their use.
    """
    graph = onnx.load(str(run)).graph
    stored = {tensor.name: torch.from_numpy(onnx.numpy_helper.to_array(tensor).copy()) for tensor in graph.initializer}
    layers = {
        node.name.removeprefix("/encoder/").removesuffix("/MatMul").replace("/", ".") + ".weight": stored[
            node.input[1]
        ].T
        for node in graph.node
        if node.op_type == "MatMul" and node.input[1] in stored
    }
    wanted = encoder.state_dict()
    found = {name: layers.get(name, stored.get(f"encoder.{name}", value)) for name, value in wanted.items()}
    kept = [name for name in wanted if name not in layers and f"encoder.{name}" not in stored]
    print(f"resumed from {run.name}; not in it: {', '.join(kept) or 'nothing'}", flush=True)
    encoder.load_state_dict(found)


def chunks(examples: list[Example], size: int) -> list[list[Example]]:
    """Cuts a list into pieces of at most `size`."""
    return [examples[i : i + size] for i in range(0, len(examples), size)]


class Learner(nn.Module):
    """The encoder with the heads that teach it; the heads are thrown away."""

    def __init__(self, name: str, intents: int) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(name)
        self.intent = nn.Linear(384, intents)
        self.route = nn.Linear(384, 3)  # none, check_in, support and above

    def forward(self, batch: dict[str, torch.Tensor]) -> torch.Tensor:
        hidden = self.encoder(**batch).last_hidden_state
        mask = batch["attention_mask"].unsqueeze(-1)
        pooled = (hidden * mask).sum(1) / mask.sum(1)
        return nn.functional.normalize(pooled, dim=1)


class Exported(nn.Module):
    """What is shipped: ids in, the normalised vector out."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        hidden = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        return nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", required=True, help="folder of the fp32 all-MiniLM-L6-v2 weights and tokenizer")
    parser.add_argument("--output", type=Path, required=True, help="ONNX file to write")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rate", type=float, default=1e-4, help="peak learning rate")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--anchor", type=float, default=1.0, help="weight of staying near the general encoder")
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--resume", type=Path, help="fp32 ONNX file of an earlier run to go on from")
    parser.add_argument("--everything", action="store_true", help="train on the development tenth too")
    args = parser.parse_args()
    random.seed(args.seed), np.random.seed(args.seed), torch.manual_seed(args.seed)
    chance = random.Random(args.seed)

    examples = corpus()
    chance.shuffle(examples)
    held = [example for example in examples if in_development(example.text)]
    if not args.everything:
        examples = [example for example in examples if not in_development(example.text)]
    ordinary = [example.text for example in examples if example.tier == "none" and len(example.text) < 160]
    examples += pieces(examples, chance)
    intents = sorted({example.intent for example in examples + held})
    print(f"{len(examples)} messages, {len(held)} held out, {len(intents)} intents", flush=True)
    tokenizer = AutoTokenizer.from_pretrained(args.base)
    learner = Learner(args.base, len(intents))

    def tokens(texts: list[str]) -> dict[str, torch.Tensor]:
        return dict(
            tokenizer(
                [plain(text) for text in texts],
                padding=True,
                truncation=True,
                max_length=MAX_TOKENS,
                return_tensors="pt",
            )
        )

    # The general encoder's vectors of the clean messages: a misspelt one is drawn to what it would have meant.
    with torch.no_grad():
        anchors = {}
        for batch in chunks(sorted(examples, key=lambda example: len(example.text)), 64):
            anchors.update(zip((e.text for e in batch), learner(tokens([e.text for e in batch])), strict=True))
    if args.resume is not None:
        resume(learner.encoder, args.resume)
    # The word vectors stay as they are: words no training message has keep their meaning, and a step costs half.
    learner.encoder.embeddings.requires_grad_(False)
    level = {"none": 0, "check_in": 1}

    decayed = [p for n, p in learner.named_parameters() if p.ndim > 1 and "encoder.encoder" in n]
    others = [p for n, p in learner.named_parameters() if p.ndim <= 1 and "encoder.encoder" in n]
    heads = [p for n, p in learner.named_parameters() if not n.startswith("encoder")]
    optimizer = torch.optim.AdamW(
        [
            {"params": decayed, "weight_decay": 0.01},
            {"params": others, "weight_decay": 0.0},
            {"params": heads, "lr": 2e-2},
        ],
        lr=args.rate,
    )
    steps = args.epochs * (len(examples) // args.batch + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / (0.08 * steps)) * max(0.02, 1 - step / steps)
    )
    weights = torch.tensor([1.0, 1.2, 1.6])  # a missed disclosure costs more than a false alarm
    step, started = 0, time.time()
    for epoch in range(args.epochs):
        order = sorted(examples, key=lambda example: len(example.text) + chance.random() * 60)
        batches = chunks(order, args.batch)
        chance.shuffle(batches)
        total = 0.0
        for batch in batches:
            texts = []
            for example in batch:
                text = spoil(example.text, chance) if chance.random() < 0.5 else example.text
                hidden = len(text) < 200 and chance.random() < 0.12
                texts.append(among_others(text, ordinary, chance) if hidden else text)
            fed = tokens(texts)
            # Half precision: a step costs two thirds.
            with torch.autocast("cpu", dtype=torch.bfloat16):
                vectors = learner(fed).float()
            anchor = torch.stack([anchors[example.text] for example in batch])
            intent = torch.tensor([intents.index(example.intent) for example in batch])
            route = torch.tensor([level.get(example.tier, 2) for example in batch])
            loss = (
                nn.functional.cross_entropy(learner.intent(vectors), intent, label_smoothing=0.05)
                + nn.functional.cross_entropy(learner.route(vectors), route, weight=weights)
                + args.anchor * (1 - (vectors * anchor).sum(1)).mean()
            )
            learn(loss, learner, optimizer, schedule)
            step += 1
            total += loss.item()
            if step % 25 == 0:
                print(
                    f"\repoch {epoch + 1} step {step}/{steps} loss {total / 25:.3f} {time.time() - started:.0f} s",
                    end="",
                    file=sys.stderr,
                )
                total = 0.0
        report(learner, held, tokens)
    learner.eval()
    args.output.parent.mkdir(parents=True, exist_ok=True)
    full = args.output.with_suffix(".fp32.onnx")
    fed = tokens(["a short message", "and another, a little longer"])
    names = ["input_ids", "attention_mask", "token_type_ids"]
    torch.onnx.export(
        Exported(learner.encoder),
        tuple(fed[name] for name in names),
        str(full),
        input_names=names,
        output_names=["vector"],
        dynamic_axes={**{name: {0: "batch", 1: "sequence"} for name in names}, "vector": {0: "batch"}},
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(str(full), str(args.output), weight_type=QuantType.QInt8, per_channel=True)
    print(f"\nwrote {args.output} ({args.output.stat().st_size / 1e6:.1f} MB)")


def report(learner: Learner, held: list[Example], tokens: Callable[[list[str]], dict[str, torch.Tensor]]) -> None:
    """Prints recall at 2 % and 5 % false alarms on messages left out of the training."""
    learner.eval()
    with torch.no_grad():
        scores = torch.cat(
            [
                learner.route(learner(tokens([e.text for e in held[i : i + 64]]))).softmax(1)
                for i in range(0, len(held), 64)
            ]
        )
    learner.train()
    alarm = (scores[:, 1] + scores[:, 2]).numpy()
    must = np.array([example.tier != "none" for example in held])
    for share in (0.02, 0.05):
        limit = np.quantile(alarm[~must], 1 - share)
        print(f"\nrecall at {share:.0%} false alarms: {(alarm[must] > limit).mean():.3f}", end="", flush=True)


if __name__ == "__main__":
    main()
