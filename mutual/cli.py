"""The `mutual` command."""

from __future__ import annotations

import asyncio
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer
from rich.console import Console

from mutual import paths, settings

if TYPE_CHECKING:  # importing it costs 15 s, too much for --help
    from mutual.assistant import Assistant

app = typer.Typer(
    help="Mutual: answers on sympathy sex, emotional closeness and consent; routes disclosures to help.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console(stderr=True)

Model = Annotated[Optional[Path], typer.Option(help="Model file to use (default: the newest in models/).")]


def fail(problem: str) -> typer.Exit:
    """Prints what is wrong, for a person, and gives the exit to raise."""
    console.print(problem, style="red", highlight=False, markup=False)
    return typer.Exit(1)


@app.command()
def serve(
    host: Annotated[
        Optional[str], typer.Option(help="Address to listen on (default: MUTUAL_HOST or 127.0.0.1).")
    ] = None,
    port: Annotated[Optional[int], typer.Option(min=1, max=65535, help="Port (default: MUTUAL_PORT or 5005).")] = None,
    model: Model = None,
) -> None:
    """Serve the assistant, its actions and the chat page in one process."""
    from dataclasses import replace

    try:
        chosen = settings.read()
    except settings.SettingsError as error:
        raise fail(str(error)) from error
    chosen = replace(chosen, host=host or chosen.host, port=port or chosen.port)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((chosen.host, chosen.port))
        except OSError as error:
            raise fail(
                f"Cannot listen on {chosen.host}:{chosen.port}: {error.strerror}. Choose another --port."
            ) from error
    console.print("Loading the model…", highlight=False)
    _rasa()
    from mutual import server
    from mutual.model import ModelMissing

    try:
        server.serve(chosen, model)
    except (ModelMissing, OSError) as error:
        raise fail(str(error)) from error


@app.command()
def train(
    if_changed: Annotated[
        bool, typer.Option("--if-changed", help="Only when configuration, domain or data changed.")
    ] = False,
) -> None:
    """Train the model from config.yml, domain.yml and data/."""
    from mutual.model import is_fresh

    if if_changed and is_fresh():
        console.print("The model is up to date.")
        return
    with console.status("Training (half a minute to two)…"):
        _rasa()
        from mutual.model import train as train_model

        try:
            model = train_model()
        except (RuntimeError, ValueError, OSError) as error:
            raise fail(f"Training failed: {error}") from error
    console.print(f"Trained {model.relative_to(paths.ROOT)}.", highlight=False)


@app.command()
def chat(
    country: Annotated[Optional[str], typer.Option(help="Country to assume, as a two-letter code.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show under each reply what was understood.")] = False,
    model: Model = None,
) -> None:
    """Talk to the assistant in the terminal."""
    with console.status("Loading the model…"):
        assistant = _assistant(model)
    from mutual.terminal import talk

    asyncio.run(talk(assistant, country, explain))


@app.command()
def route(
    input_: Annotated[str, typer.Option("--input", help="JSON Lines of messages; - is standard input.")] = "-",
    output: Annotated[str, typer.Option("--output", help="JSON Lines of results; - is standard output.")] = "-",
    country: Annotated[
        Optional[str], typer.Option(help="Country of lines that name none, as a two-letter code.")
    ] = None,
    model: Model = None,
) -> None:
    """Send messages through the whole assistant and write how each was handled."""
    from contextlib import ExitStack

    with ExitStack() as files:
        try:
            lines = sys.stdin.buffer if input_ == "-" else files.enter_context(Path(input_).open("rb"))
            results = sys.stdout if output == "-" else files.enter_context(Path(output).open("w", encoding="utf-8"))
        except OSError as error:
            raise fail(f"{error.filename}: {error.strerror}.") from error
        with console.status("Loading the model…"):
            assistant = _assistant(model)
        from mutual.routing import UnknownCountry, route_lines

        try:
            bad = asyncio.run(route_lines(assistant, lines, results, country, console))
        except UnknownCountry as error:
            raise fail(str(error)) from error
    if bad:
        raise fail(f"{bad} line{'s' if bad > 1 else ''} could not be read; each has an error in the output.")


@app.command()
def check() -> None:
    """Check documents, helplines, safety replies, rules and training messages."""
    from mutual.checks import run

    problems = run(paths.ROOT)
    for problem in problems:
        print(problem)
    if problems:
        raise fail(f"{len(problems)} problem{'s' if len(problems) > 1 else ''}.")
    console.print("No problems found.")


@app.command()
def report(
    output: Annotated[Path, typer.Option(help="HTML file to write.")] = Path("results/report.html"),
    train_peer: Annotated[
        bool, typer.Option("--train-peer", help="First train Rasa's stock classifier to compare with (an hour or two).")
    ] = False,
    epochs: Annotated[int, typer.Option(min=1, help="Epochs of --train-peer.")] = 30,
    model: Model = None,
) -> None:
    """Measure routing and answers on the sealed messages and questions; one page with pictures."""
    from mutual.report.sealed import OPENED, sealed

    rows, opened = sealed(), sealed(OPENED)
    assistant = _assistant(model, tensorflow=train_peer)
    from mutual.model import latest
    from mutual.report import page, peers, questions

    if train_peer:
        console.print("Training Rasa's stock classifier…")
        peers.train_diet([*rows, *opened], epochs)
    handled, handled_opened = page.handled_by(assistant, rows), page.handled_by(assistant, opened)
    answered = questions.answered_by(assistant, questions.questions())
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        page.write(handled, handled_opened, answered, output, model or latest())
    except OSError as error:
        raise fail(f"{output}: {error.strerror}.") from error
    for label, share in {**page.summary(handled), **questions.summary(answered)}.items():
        console.print(f"{page.percent(share):>22}  {label}", highlight=False)
    console.print(f"Wrote {output}.", highlight=False)


def _rasa(tensorflow: bool = False) -> None:
    """Makes Rasa ready to import: quietly, and without TensorFlow unless it is asked for here or by the operator."""
    from mutual.quiet import quiet
    from mutual.tensorflow_left_out import leave_out_tensorflow

    try:
        chosen = settings.read()
    except settings.SettingsError as error:
        raise fail(str(error)) from error
    if not tensorflow and not chosen.tensorflow:
        leave_out_tensorflow()
    quiet()


def _assistant(model: Path | None, tensorflow: bool = False) -> Assistant:
    _rasa(tensorflow)
    from mutual.assistant import Assistant
    from mutual.model import ModelMissing

    try:
        return Assistant.load(model)
    except ModelMissing as error:
        raise fail(str(error)) from error


def main() -> None:
    """Entry point of the `mutual` command."""
    app()


if __name__ == "__main__":
    main()
