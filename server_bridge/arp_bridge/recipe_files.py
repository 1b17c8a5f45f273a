"""The recipes that ship with the bridge, by name."""

from __future__ import annotations

from pathlib import Path

from arp_core.errors import InputError
from arp_core.orchestrate import recipe as recipes
from arp_core.orchestrate.recipe import Recipe

_FOLDER = Path(__file__).parent / "recipes"

#: Recipe name -> its file.
RECIPES: dict[str, str] = {"image-to-3d": "image-to-3d.toml"}


def recipe_names() -> tuple[str, ...]:
    """Return the names of the recipes that can be asked for."""
    return tuple(RECIPES)


def load_recipe(name: str) -> Recipe:
    """Return a recipe.

    Raises:
        InputError: ``recipe_unknown``, or ``recipe_malformed`` for a damaged installation.
    """
    file = RECIPES.get(name)
    if file is None:
        raise InputError("recipe_unknown", name=name, known=", ".join(RECIPES))
    return recipes.parse((_FOLDER / file).read_bytes(), name=file)
