"""What goes over the wire, as OpenAPI states it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

_SHA256_EXAMPLE = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", examples=[_SHA256_EXAMPLE])]
Origin = Literal["mine", "production", "licensed", "client", "found"]
#: A file's own name: no file system has longer ones.
Name = Annotated[str, Field(min_length=1, max_length=255)]
Scalar = StrictBool | StrictInt | StrictFloat | StrictStr


class Strict(BaseModel):
    """A request body: a field we do not know is refused, not ignored."""

    model_config = ConfigDict(extra="forbid")


class Health(BaseModel):
    """That the bridge is there. Says nothing about what it holds."""

    status: Literal["ok"] = "ok"
    version: str


class BlobAnswer(BaseModel):
    """A stored blob."""

    sha256: Sha256
    size: int


class ObjectRequest(Strict):
    """Registers an uploaded blob as an object."""

    sha256: Sha256
    name: Name = Field(examples=["robot.png"])
    kind: Literal["material", "weights", "parameters", "prompt", "script"] = "material"
    media_type: str = Field(default="application/octet-stream", max_length=128, examples=["image/png"])
    origin: Origin = Field(description="Where is this from? The answer the rights record is filled from.")


class ObjectAnswer(BaseModel):
    """A registered object with its Minimum Traceable Set."""

    object_id: str = Field(examples=["obj_01k9v8xq3ffd4t5b7wqzv2p8ha"])
    kind: str
    sha256: Sha256
    size: int
    media_type: str
    name: str
    origin: str | None
    registered_at: str
    mts: dict[str, Any]


class ObjectPage(BaseModel):
    """Registered objects, oldest first."""

    items: list[ObjectAnswer]
    next_cursor: str | None


class CapabilityAnswer(BaseModel):
    """A capability as filed here."""

    capability_id: str = Field(examples=["cap_2vf3k8a1x09t7rb6m5e4c2d1zq"])
    name: str
    version: str
    state: Literal["submitted", "filed", "suspended", "revoked"]
    fingerprint: str
    source_type: str
    title: dict[str, str]
    interface: dict[str, Any]


class CapabilityPage(BaseModel):
    """Every filing of this home, by name, and the recipes that use them."""

    items: list[CapabilityAnswer]
    recipes: list[str]
    next_cursor: str | None = None


class JobRequest(Strict):
    """Asks for a recipe to be run."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "recipe": "image-to-3d",
                "inputs": {"image": _SHA256_EXAMPLE},
                "name": "chair",
                "parameters": {"height": 0.9},
                "seed": "0",
                "origin": "mine",
            }
        },
    )

    recipe: str = Field(max_length=64)
    inputs: dict[str, Sha256] = Field(max_length=16, description="Recipe input -> digest of an uploaded blob.")
    name: Name
    parameters: dict[str, Scalar] = Field(default_factory=dict, max_length=64)
    seed: Annotated[str, Field(pattern=r"^[0-9]{1,20}$")] = "0"
    origin: Origin = Field(description="Where are the inputs from? Never assumed: somebody has to say so.")
    names: dict[str, Name] = Field(default_factory=dict, max_length=16, description="Recipe input -> its file name.")
    seal: bool = Field(default=True, description="False runs the graph for comparison only: no package, no credential.")
    graph: dict[str, Any] | None = Field(
        default=None, description="A recorded job graph to run again, with `seal` false and `name` and `seed` from it."
    )


class NodeAnswer(BaseModel):
    """One node of a job."""

    id: str
    capability: str
    state: Literal["waiting", "running", "succeeded", "degraded", "failed"]
    record: dict[str, Any] | None = Field(description="The node record, once it is written.")


class JobAnswer(BaseModel):
    """A job and how far it is."""

    job_id: str = Field(examples=["job_01k9v8xq3ffd4t5b7wqzv2p8ha"])
    recipe: str
    name: str
    state: Literal["queued", "running", "succeeded", "degraded", "failed", "cancelled", "lost"]
    code: str | None
    message: str | None
    facts: dict[str, Any]
    credential_id: str | None
    credential_state: str | None
    created_at: str
    updated_at: str
    nodes: list[NodeAnswer]


class JobSummary(BaseModel):
    """A job in a list."""

    job_id: str
    recipe: str
    name: str
    state: str
    code: str | None
    credential_id: str | None
    created_at: str
    updated_at: str


class JobPage(BaseModel):
    """Jobs, newest first."""

    items: list[JobSummary]
    next_cursor: str | None


class EventPage(BaseModel):
    """A job's events after a number; ``last`` is what to ask after next."""

    items: list[dict[str, Any]]
    last: int
    ended: bool


class OutputAnswer(BaseModel):
    """One file of a finished package."""

    name: str = Field(examples=["textures/chair_basecolor.png"])
    role: str
    media_type: str
    sha256: Sha256
    size: int


class OutputPage(BaseModel):
    """The package's files in the order to write them: the sidecar last."""

    items: list[OutputAnswer]
    credential_id: str | None
    credential_state: str | None


class StatusListsAnswer(BaseModel):
    """A station's status lists, as ``arpctl status export`` writes them."""

    type: Literal["StatusLists"] = "StatusLists"
    lists: list[dict[str, Any]] = Field(
        description="Signed BitstringStatusListCredentials (W3C), one for revocation and one for suspension."
    )


class VerifyRequest(Strict):
    """Asks for a verification of uploaded files, laid out as a package."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"files": {"chair.glb": _SHA256_EXAMPLE, "chair_mts.json": _SHA256_EXAMPLE}}},
    )

    files: dict[str, Sha256] = Field(min_length=1, max_length=1000, description="Package path -> digest of a blob.")


class VerifyAnswer(BaseModel):
    """The verification, as ``arpctl verify --json`` prints it."""

    model_config = ConfigDict(extra="allow")

    status: str
    rights: str
