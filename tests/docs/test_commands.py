"""Every command and option that a page names exists, and every one that exists is described."""

from __future__ import annotations

import argparse
import importlib
import re
import shlex

import pytest

from arp_bridge.cli import COMMANDS, main

_PAGE = "docs/command-line.md"
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*")


def _parser(command: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="arpctl")
    module = importlib.import_module(COMMANDS[command][0])
    module.add_parser(parser.add_subparsers(dest="command", required=True))
    return parser


def _walk(parser: argparse.ArgumentParser):
    """Yield a parser and every one below it."""
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from _walk(below)


def _options(command: str) -> set[str]:
    return {
        option
        for parser in _walk(_parser(command))
        for action in parser._actions
        if action.help != argparse.SUPPRESS
        for option in action.option_strings
        if option.startswith("--") and option != "--help"
    }


def _lines(page) -> list[list[str]]:
    """Return the arguments of every arpctl line in a page's code blocks."""
    found = []
    for block in page.blocks("sh", "console"):
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            if words and words[0].rpartition("/")[2] == "arpctl":
                found.append(words[1:])
    return found


def test_every_line_in_a_code_block_parses(page) -> None:
    for words in _lines(page):
        assert words, "arpctl alone"
        assert words[0] in COMMANDS, words
        _parser(words[0]).parse_args(words)


def test_commands_named_in_the_text_exist(page) -> None:
    for span in re.findall(r"`arpctl ([^`]+)`", page.prose()):
        words = span.split()
        if words[0] == "COMMAND":
            continue
        assert words[0] in COMMANDS, span
        acts = [
            name
            for action in _parser(words[0])._actions
            if isinstance(action, argparse._SubParsersAction)
            for below in action.choices.values()
            for inner in below._actions
            if isinstance(inner, argparse._SubParsersAction)
            for name in inner.choices
        ]
        if acts and len(words) > 1 and not words[1].startswith("-"):
            assert words[1] in acts, span
        assert set(_OPTION.findall(span)) <= _options(words[0]), span


def test_options_named_on_the_command_line_page_exist(page_of) -> None:
    known = set().union(*(_options(command) for command in COMMANDS)) | {"--help"}
    assert set(_OPTION.findall(page_of(_PAGE).text)) - known == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_is_described(page_of, command) -> None:
    text = page_of(_PAGE).text
    assert any(words[0] == command for words in _lines(page_of(_PAGE))), "no example"
    missing = {option for option in _options(command) if not re.search(rf"(?<![\w-]){option}(?![\w-])", text)}
    assert missing == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_argument_has_a_help_line(command) -> None:
    for parser in _walk(_parser(command)):
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                told = {choice.dest for choice in action._choices_actions if choice.help}
                assert action.dest == "command" or told == set(action.choices), (command, action.dest)
            else:
                assert action.help, (command, action.dest)


@pytest.mark.parametrize(("language", "word"), [("en", "the first difference is named"), ("zh", "重跑作业")])
def test_a_command_is_explained_in_the_chosen_language(language, word, capsys) -> None:
    with pytest.raises(SystemExit):
        main(["reproduce", "--lang", language, "--help"])
    assert word in capsys.readouterr().out.replace("\n", " ")


def test_the_reader_of_lines_sees_a_wrong_option() -> None:
    with pytest.raises(SystemExit):
        _parser("verify").parse_args(["verify", "lantern", "--no-such-option"])
