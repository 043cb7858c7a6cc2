"""Builder and configuration classes: fields, methods, bases in other files, and what they are bound to."""

from __future__ import annotations

import pytest
from training_alignment.artefacts.builder_model import Builder, Configuration
from training_alignment.artefacts.class_hierarchy import Classes
from training_alignment.steps.artefact_items import Items, RoleOf

from tests.artefacts.files import MadeUp, plain

FILES = {
    "core/base.py": """
        from abc import ABC, abstractmethod

        class StepBuilderBase(ABC):
            def __init__(self, config, role=None):
                self.config = config
                self.role = role

            @abstractmethod
            def create_step(self): ...

            @abstractmethod
            def validate_configuration(self): ...

            def _get_outputs(self):
                raise NotImplementedError("builders say")

            def _get_environment_variables(self):
                return {}

            def region(self):
                return self.config.region
    """,
    "core/config.py": """
        from pydantic import BaseModel, Field, PrivateAttr

        class BaseConfig(BaseModel):
            region: str = "EU"
            role: str = Field(...)
            framework_version: str = Field(default="1.7-1", description="x")
            _cache: dict = PrivateAttr(default_factory=dict)

            @property
            def bucket(self):
                return f"b-{self.region}"
    """,
    "configs/churn.py": """
        from typing import ClassVar, Optional
        from pydantic import Field
        from core.config import BaseConfig

        class ChurnConfig(BaseConfig):
            KINDS: ClassVar[list] = []
            entry_point: str
            depth: Optional[int] = None
            names: list[str] = Field(default_factory=list)
            region: str = "US"

            def get_environment_variables(self):
                env = {"REGION": self.region}
                env["LEVEL"] = "1"
                env.update({"MODE": "x"}, OTHER="y")
                return env
    """,
    "specs/churn.py": "CHURN_SPEC = StepSpecification(step_type='Churn')\n",
    "builders/__init__.py": "",
    "builders/churn.py": """
        from sagemaker.xgboost import XGBoost
        from sagemaker.workflow.steps import TrainingStep

        from core.base import StepBuilderBase
        from configs.churn import ChurnConfig
        try:
            from specs.churn import CHURN_SPEC
        except ImportError:
            CHURN_SPEC = None

        class ChurnStepBuilder(StepBuilderBase):
            entry_point = "churn.py"

            def __init__(self, config: ChurnConfig, role=None):
                if not isinstance(config, ChurnConfig):
                    raise ValueError
                super().__init__(config, role)
                self.spec = CHURN_SPEC
                self.step_name: str = "churn-training"

            def validate_configuration(self):
                required_attrs = ["entry_point", "instance_type"]
                for name in required_attrs:
                    if not hasattr(self.config, name):
                        raise ValueError(name)

            def _create_estimator(self):
                settings = {"instance_count": 1, "volume_size": self.config.volume}
                if hasattr(self.config, "depth"):
                    depth = self.config.depth
                return XGBoost(
                    entry_point=self.config.entry_point,
                    framework_version=getattr(self.config, "framework_version", "1.7-1"),
                    role=self.role,
                    **settings,
                )

            def _get_environment_variables(self):
                env_vars = super()._get_environment_variables()
                env_vars["LEVEL"] = "2"
                env_vars.update(self.config.get_environment_variables())
                return env_vars

            def create_step(self):
                return TrainingStep(name=self.step_name, step_args=None)
    """,
}


def builder(text: str = "", **packages: str) -> Builder:
    own = {"builders/churn.py": text} if text else {}
    files = MadeUp({**FILES, **own, **{f"{name}/__init__.py": inside for name, inside in packages.items()}})
    found = Classes(files).builder("builders/churn.py", "ChurnStepBuilder", RoleOf(Items()))
    assert found is not None
    return found


def configuration(text: str = "", name: str = "ChurnConfig") -> Configuration:
    files = MadeUp({**FILES, **({"configs/churn.py": text} if text else {})})
    found = Classes(files).configuration("configs/churn.py", name)
    assert found is not None
    return found


def test_methods_own_and_inherited() -> None:
    found = builder()
    family = found.family
    assert [body.name for body in family.bodies] == ["ChurnStepBuilder", "StepBuilderBase"]
    assert family.complete
    assert {
        name: family.has_method(name) for name in ("create_step", "region", "_get_outputs", "_prepare")
    } == {
        "create_step": True,
        "region": True,
        "_get_outputs": False,
        "_prepare": False,
    }
    method = family.method("validate_configuration")
    assert method is not None
    assert (method.owner, method.abstract, method.name.path) == (
        "ChurnStepBuilder",
        False,
        "builders/churn.py",
    )


def test_an_unknown_base_may_have_any_method() -> None:
    found = builder(FILES["builders/churn.py"].replace("from core.base", "from library.base"))
    assert not found.family.complete
    assert found.family.has_method("_prepare") is None
    assert found.family.has_method("create_step") is True


def test_what_a_builder_is_bound_to() -> None:
    found = builder()
    assert [(b.name, b.path) for b in found.specifications] == [("CHURN_SPEC", "specs/churn.py")]
    assert [(b.name, b.path) for b in found.configurations] == [("ChurnConfig", "configs/churn.py")]
    assert found.contracts == ()
    assert [plain(node) for node in found.attribute("step_name")] == ["churn-training"]
    assert [plain(node) for node in found.attribute("entry_point")] == ["churn.py"]


def test_names_that_a_package_passes_on() -> None:
    text = FILES["builders/churn.py"].replace("from specs.churn", "from specs")
    found = builder(text, specs="from .churn import CHURN_SPEC\n")
    assert [(b.name, b.path) for b in found.specifications] == [("CHURN_SPEC", "specs/churn.py")]


def test_what_a_builder_makes() -> None:
    estimator, step = builder().constructions()
    assert (estimator.name, step.name) == (
        "sagemaker.xgboost.XGBoost",
        "sagemaker.workflow.steps.TrainingStep",
    )
    assert set(estimator.arguments.names) == {
        "entry_point",
        "framework_version",
        "role",
        "instance_count",
        "volume_size",
    }
    assert estimator.arguments.closed
    assert plain(estimator.arguments.get("instance_count")) == 1
    assert estimator.place.line == 31


def test_which_configuration_fields_are_read() -> None:
    found = builder()
    reads = {(r.field.value, r.guarded) for method in found.family.methods() for r in method.reads}
    assert reads == {
        ("entry_point", False),
        ("volume", False),
        ("depth", True),
        ("framework_version", True),
        ("get_environment_variables", False),
        ("region", False),
    }
    assert [text.value for text in found.family.own.requires] == ["entry_point", "instance_type"]


def test_environment_variables() -> None:
    method = builder().family.method("_get_environment_variables")
    assert method is not None
    assert method.environment is not None
    assert method.environment.calls_super
    assert method.environment.asked == ("get_environment_variables",)
    assert method.environment.variables.closed
    assert method.variables is not None
    assert method.variables.names == ("LEVEL",)
    assert not method.variables.closed
    given = configuration().family.method("get_environment_variables")
    assert given is not None
    assert given.variables is not None
    assert set(given.variables.names) == {"REGION", "LEVEL", "MODE", "OTHER"}
    assert given.variables.closed


def test_fields_own_and_inherited() -> None:
    found = configuration()
    assert {f.name.value: f.required for f in found.fields()} == {
        "entry_point": True,
        "depth": False,
        "names": False,
        "region": False,
        "role": True,
        "framework_version": False,
        "_cache": False,
    }
    region = found.field("region")
    assert region is not None
    assert (plain(region.default), region.owner, region.name.line) == ("US", "ChurnConfig", 10)
    depth = found.field("depth")
    assert depth is not None
    assert depth.annotation == "Optional[int]"
    assert found.closed
    assert found.lacks("instance_type")
    assert not found.lacks("bucket")
    assert not found.lacks("get_environment_variables")
    assert not found.lacks("KINDS")


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("class ChurnConfig(BaseModel):\n    a: int", False),
        ("from pydantic import BaseModel\nclass ChurnConfig(BaseModel):\n    a: int", True),
        ("class ChurnConfig:\n    a: int", True),
        ("from dataclasses import dataclass\n@dataclass\nclass ChurnConfig:\n    a: int", True),
        ("from lib import Base\nclass ChurnConfig(Base):\n    a: int", False),
        ("from lib import bases\nclass ChurnConfig(bases[0]):\n    a: int", False),
        ("from pydantic import BaseModel\nclass ChurnConfig(BaseModel, extra='allow'):\n    a: int", False),
        (
            "from pydantic import BaseModel, ConfigDict\nclass ChurnConfig(BaseModel):\n"
            "    model_config = ConfigDict(extra='allow')\n    a: int",
            False,
        ),
        (
            "from pydantic import BaseModel\nclass ChurnConfig(BaseModel):\n"
            "    model_config = {'extra': 'forbid'}\n    a: int",
            True,
        ),
        (
            "from pydantic import BaseModel\nclass ChurnConfig(BaseModel):\n"
            "    class Config:\n        extra = Extra.allow\n    a: int",
            False,
        ),
        ("class ChurnConfig:\n    a: int\n    def __getattr__(self, name): ...", False),
        ("class Base:\n    b: int\nclass ChurnConfig(Base):\n    a: int", True),
    ],
)
def test_whether_a_configuration_may_have_other_fields(text: str, closed: bool) -> None:
    found = configuration(text)
    assert found.closed is closed
    assert found.lacks("zzz") is closed
    assert not found.lacks("a")


def test_attributes_that_methods_store_are_fields_too() -> None:
    text = "class ChurnConfig:\n    def __init__(self, a):\n        self.a = a\n        self.b: int = 1\n"
    assert {"a", "b"} <= configuration(text).names()


@pytest.mark.parametrize(
    "annotation", ["ChurnConfig", "'ChurnConfig'", "Optional[ChurnConfig]", "ChurnConfig | None"]
)
def test_how_a_configuration_is_annotated(annotation: str) -> None:
    text = f"""
        from configs.churn import ChurnConfig

        class ChurnStepBuilder:
            def __init__(self, config: {annotation}):
                self.config = config
                self.name = config.entry_point

            def create_step(self): return 1
    """
    found = builder(text)
    assert [(b.name, b.path) for b in found.configurations] == [("ChurnConfig", "configs/churn.py")]
    assert [r.field.value for m in found.family.methods() for r in m.reads] == ["entry_point"]


def test_bases_that_go_in_a_circle_come_to_an_end() -> None:
    files = MadeUp(
        {"a.py": "from b import B\nclass A(B): pass\n", "b.py": "from a import A\nclass B(A): pass\n"}
    )
    family = Classes(files).family("a.py", "A")
    assert family is not None
    assert [body.name for body in family.bodies] == ["A", "B"]


def test_a_step_that_a_builder_loads_by_name() -> None:
    text = """
        from ..interfaces import load_step_interface
        _contract, CHURN_SPEC = load_step_interface("Churn")

        class ChurnStepBuilder:
            def create_step(self):
                return load_interface("Churn", job_type=self.config.job_type)
    """
    assert {name.value for name in builder(text).named_steps} == {"Churn"}


@pytest.mark.parametrize(
    "change", ["more['role'] = 'r'", "more.update(role='r')", "more = other()", "more |= {'a': 1}"]
)
def test_a_dict_that_is_changed_leaves_the_arguments_open(change: str) -> None:
    text = f"""
        from sagemaker.xgboost import XGBoost

        class ChurnStepBuilder:
            def create_step(self):
                more = {{"instance_count": 1}}
                if self.config.role:
                    {change}
                return XGBoost(entry_point="a.py", **more)
    """
    (made,) = builder(text).constructions()
    assert not made.arguments.closed
    assert not made.arguments.lacks("role")
