"""``arpctl``: one module a command, imported only when that command is asked for.

Each module has ``add_parser(subparsers)`` and ``run(args) -> int``. Exit codes:
0 done; 1 something about the content; 2 bad arguments or an absent path;
130 interrupted.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from collections.abc import Sequence

from arp_bridge.cli import language
from arp_core import __version__, messages
from arp_core.errors import ArpError, UsageError

#: Command -> (module, catalogue key of its one-line description).
COMMANDS: dict[str, tuple[str, str]] = {
    "image-to-3d": ("arp_bridge.cli.image_to_3d", "cli_image_to_3d"),
    "register": ("arp_bridge.cli.register", "cli_register"),
    "verify": ("arp_bridge.cli.verify", "cli_verify"),
    "show": ("arp_bridge.cli.show", "cli_show"),
    "reproduce": ("arp_bridge.cli.reproduce", "cli_reproduce"),
    "digest": ("arp_bridge.cli.digest", "cli_digest"),
    "key": ("arp_bridge.cli.key", "cli_key"),
    "trust": ("arp_bridge.cli.trust", "cli_trust"),
    "status": ("arp_bridge.cli.status", "cli_status"),
    "bridge": ("arp_bridge.cli.bridge", "cli_bridge"),
    "job": ("arp_bridge.cli.job", "cli_job"),
}

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    _speak_utf8()
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(_overview(language.preferred()))
        return 0 if arguments else 2
    if arguments[0] == "--version":
        print(f"arpctl {__version__}")
        return 0
    if arguments[0] not in COMMANDS:
        print(_overview(language.preferred()), file=sys.stderr)
        return _report(UsageError("command_unknown", name=arguments[0]), arguments=arguments)
    try:
        return _run(arguments)
    except ArpError as error:
        return _report(error, arguments=arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output went away, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _run(arguments: list[str]) -> int:
    try:
        module = importlib.import_module(COMMANDS[arguments[0]][0])
    except ModuleNotFoundError as error:
        raise UsageError("package_missing", name=error.name or "") from error
    parser = argparse.ArgumentParser(prog="arpctl")
    commands = parser.add_subparsers(dest="command", required=True)
    module.add_parser(commands)
    commands.choices[arguments[0]].description = describe(arguments[0], chosen=language.of_arguments(arguments))
    code: int = module.run(parser.parse_args(arguments))
    return code


def describe(command: str, *, chosen: str) -> str:
    """Return what a command does: its longer description where the catalogue has one, else its line."""
    key = COMMANDS[command][1]
    about = f"{key}_about"
    found = messages.text(about, language=chosen)
    return messages.text(key, language=chosen) if found == about else found


def _report(error: ArpError, *, arguments: list[str]) -> int:
    """Say the error in one sentence and return its exit code."""
    sentence = error.sentence(language=language.of_arguments(arguments))
    if "--json" in arguments:
        facts = {name: str(value) for name, value in error.facts.items()}
        print(json.dumps({"error": {"code": error.code, "message": sentence, "facts": facts}}, ensure_ascii=False))
    print(f"arpctl: {sentence} [{error.code}]", file=sys.stderr)
    return 2 if isinstance(error, UsageError) else 1


def _overview(chosen: str) -> str:
    width = max(map(len, COMMANDS)) + 2
    lines = [messages.text("cli_overview", language=chosen, version=__version__), ""]
    lines += [f"  {name:<{width}}{messages.text(key, language=chosen)}" for name, (_, key) in COMMANDS.items()]
    return "\n".join([*lines, "", messages.text("cli_overview_end", language=chosen)])


def _speak_utf8() -> None:
    """Chinese sentences must not crash a console that was set up for ASCII."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
