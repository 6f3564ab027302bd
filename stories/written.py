"""What the parts of a story file have in common: strict models, and short spellings."""

from functools import partial
from typing import Annotated, Any, ClassVar, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from domain.references import Scheme, reference, scheme_of

JsonSchema = dict[str, Any]


class Written(BaseModel):
    """A part of a story file; a key that it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Shortened(Written):
    """A part that has a short spelling beside its keys."""

    SHORT: ClassVar[JsonSchema]
    """What the short spelling looks like."""

    @classmethod
    def spelled_out(cls, value: object) -> object:
        """The keys that a short spelling stands for; anything else as it is."""
        return value

    @model_validator(mode="before")
    @classmethod
    def _spell_out(cls, value: object) -> object:
        return cls.spelled_out(value)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler(core_schema)
        body = handler.resolve_ref_schema(schema)
        long = dict(body)
        body.clear()
        body["anyOf"] = [cls.SHORT, long]
        return schema


class NamedBy(Shortened):
    """A part whose short spelling is the value of one of its keys."""

    KEY: ClassVar[str]
    SHORT: ClassVar[JsonSchema] = {"type": ["string", "integer"]}

    @classmethod
    def spelled_out(cls, value: object) -> object:
        return {cls.KEY: value} if isinstance(value, str | int) else value


def movement(name: str) -> str:
    """A movement as a story names it: `storage` is short for `local:storage`."""
    return of_scheme(Scheme.LOCAL, name)


def of_scheme(scheme: Scheme, name: str) -> str:
    """The reference of a bare name; a reference stays as it is."""
    return name if scheme_of(name) else reference(scheme, name)


def bare(name: str) -> str:
    """The short name of a movement: `storage` for `local:storage`."""
    return name.removeprefix(f"{Scheme.LOCAL}:")


def _text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_WORDS: Final = {"type": ["string", "integer"]}
Text = Annotated[str, BeforeValidator(_text), WithJsonSchema(_WORDS)]
"""Words that may look like a number, such as the article 149."""
GuaranteeName = Annotated[
    str,
    BeforeValidator(_text),
    AfterValidator(partial(of_scheme, Scheme.GUARANTEE)),
    WithJsonSchema(_WORDS),
]
Movement = Annotated[str, BeforeValidator(_text), AfterValidator(movement), WithJsonSchema(_WORDS)]
