"""Generator of the tables in flake8_training/sagemaker/tables.

    python scripts/sagemaker_tables.py                 download the newest wheels, write the tables
    python scripts/sagemaker_tables.py --wheels DIR    use the wheels in folders, or packages installed there
    python scripts/sagemaker_tables.py --check ...     write nothing, exit 1 if a table would change

For developers; not shipped. The packages are not imported: wheels are read as archives, their modules by the syntax
tree. A table is one sorted JSON file, with the versions of the packages that it comes from.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import from_botocore
import from_image_uris
from from_signatures import Signatures
from wheels import Sources, Wheel, download

TABLES = Path(__file__).resolve().parent.parent / "flake8_training" / "sagemaker" / "tables"

V2_CLASSES = """
    sagemaker.estimator.Estimator sagemaker.estimator.Framework sagemaker.pytorch.estimator.PyTorch
    sagemaker.tensorflow.estimator.TensorFlow sagemaker.sklearn.estimator.SKLearn
    sagemaker.xgboost.estimator.XGBoost sagemaker.huggingface.estimator.HuggingFace
    sagemaker.huggingface.training_compiler.config.TrainingCompilerConfig
    sagemaker.mxnet.estimator.MXNet sagemaker.chainer.estimator.Chainer sagemaker.rl.estimator.RLEstimator
    sagemaker.algorithm.AlgorithmEstimator sagemaker.jumpstart.estimator.JumpStartEstimator
    sagemaker.inputs.TrainingInput sagemaker.inputs.FileSystemInput sagemaker.inputs.ShuffleConfig
    sagemaker.inputs.TransformInput sagemaker.tuner.HyperparameterTuner sagemaker.parameter.ContinuousParameter
    sagemaker.parameter.IntegerParameter sagemaker.parameter.CategoricalParameter
    sagemaker.amazon.factorization_machines.FactorizationMachines sagemaker.amazon.ipinsights.IPInsights
    sagemaker.amazon.kmeans.KMeans sagemaker.amazon.knn.KNN sagemaker.amazon.lda.LDA
    sagemaker.amazon.linear_learner.LinearLearner sagemaker.amazon.ntm.NTM
    sagemaker.amazon.object2vec.Object2Vec sagemaker.amazon.pca.PCA
    sagemaker.amazon.randomcutforest.RandomCutForest
    sagemaker.workflow.steps.TrainingStep sagemaker.workflow.steps.TuningStep
    sagemaker.workflow.steps.ProcessingStep sagemaker.workflow.steps.TransformStep
    sagemaker.workflow.steps.CreateModelStep sagemaker.workflow.steps.CacheConfig
    sagemaker.workflow.model_step.ModelStep sagemaker.workflow.step_collections.RegisterModel
    sagemaker.workflow.condition_step.ConditionStep sagemaker.workflow.pipeline.Pipeline
    sagemaker.workflow.parameters.ParameterString sagemaker.workflow.parameters.ParameterInteger
    sagemaker.workflow.parameters.ParameterFloat
    sagemaker.workflow.properties.PropertyFile sagemaker.workflow.functions.Join
    sagemaker.workflow.functions.JsonGet sagemaker.processing.Processor sagemaker.processing.ScriptProcessor
    sagemaker.processing.FrameworkProcessor sagemaker.processing.ProcessingInput
    sagemaker.processing.ProcessingOutput sagemaker.sklearn.processing.SKLearnProcessor
    sagemaker.transformer.Transformer sagemaker.debugger.debugger.TensorBoardOutputConfig
    sagemaker.network.NetworkConfig sagemaker.instance_group.InstanceGroup
    sagemaker.pytorch.processing.PyTorchProcessor sagemaker.tensorflow.processing.TensorFlowProcessor
    sagemaker.xgboost.processing.XGBoostProcessor sagemaker.mxnet.processing.MXNetProcessor
    sagemaker.huggingface.processing.HuggingFaceProcessor sagemaker.spark.processing.PySparkProcessor
    sagemaker.spark.processing.SparkJarProcessor sagemaker.dataset_definition.inputs.S3Input
    sagemaker.workflow.lambda_step.LambdaStep sagemaker.workflow.callback_step.CallbackStep
    sagemaker.workflow.fail_step.FailStep sagemaker.workflow.emr_step.EMRStep
    sagemaker.workflow.quality_check_step.QualityCheckStep sagemaker.workflow.automl_step.AutoMLStep
    sagemaker.workflow.clarify_check_step.ClarifyCheckStep
    sagemaker.workflow.notebook_job_step.NotebookJobStep
    sagemaker.workflow.step_collections.EstimatorTransformer sagemaker.model.Model
    sagemaker.pytorch.model.PyTorchModel sagemaker.tensorflow.model.TensorFlowModel
    sagemaker.sklearn.model.SKLearnModel sagemaker.xgboost.model.XGBoostModel
    sagemaker.huggingface.model.HuggingFaceModel sagemaker.mxnet.model.MXNetModel
    sagemaker.pipeline.PipelineModel sagemaker.model_metrics.ModelMetrics
    sagemaker.model_metrics.MetricsSource sagemaker.inputs.CreateModelInput
""".split()

V2_METHODS = """
    sagemaker.estimator.EstimatorBase.fit sagemaker.algorithm.AlgorithmEstimator.fit
    sagemaker.amazon.amazon_estimator.AmazonAlgorithmEstimatorBase.fit
    sagemaker.jumpstart.estimator.JumpStartEstimator.fit sagemaker.tuner.HyperparameterTuner.fit
    sagemaker.processing.Processor.run sagemaker.processing.ScriptProcessor.run
    sagemaker.processing.FrameworkProcessor.run sagemaker.spark.processing.PySparkProcessor.run
    sagemaker.spark.processing.SparkJarProcessor.run sagemaker.transformer.Transformer.transform
    sagemaker.model.Model.create sagemaker.model.Model.register sagemaker.pytorch.model.PyTorchModel.register
    sagemaker.tensorflow.model.TensorFlowModel.register sagemaker.sklearn.model.SKLearnModel.register
    sagemaker.xgboost.model.XGBoostModel.register sagemaker.huggingface.model.HuggingFaceModel.register
    sagemaker.mxnet.model.MXNetModel.register sagemaker.pipeline.PipelineModel.create
    sagemaker.pipeline.PipelineModel.register sagemaker.workflow.pipeline.Pipeline.create
    sagemaker.workflow.pipeline.Pipeline.start sagemaker.workflow.pipeline.Pipeline.update
    sagemaker.workflow.pipeline.Pipeline.upsert
""".split()

V3_CLASSES = """
    sagemaker.train.model_trainer.ModelTrainer sagemaker.train.tuner.HyperparameterTuner
    sagemaker.train.distributed.Torchrun sagemaker.train.distributed.MPI sagemaker.train.distributed.SMP
    sagemaker.core.inputs.TrainingInput sagemaker.core.inputs.FileSystemInput
    sagemaker.core.parameter.ContinuousParameter sagemaker.core.parameter.IntegerParameter
    sagemaker.core.parameter.CategoricalParameter sagemaker.core.processing.Processor
    sagemaker.core.processing.ScriptProcessor sagemaker.core.processing.FrameworkProcessor
    sagemaker.core.shapes.ProcessingInput sagemaker.core.shapes.ProcessingOutput
    sagemaker.core.shapes.ProcessingS3Input sagemaker.core.shapes.ProcessingS3Output
    sagemaker.mlops.workflow.steps.TrainingStep sagemaker.mlops.workflow.steps.TuningStep
    sagemaker.mlops.workflow.steps.ProcessingStep sagemaker.mlops.workflow.steps.TransformStep
    sagemaker.mlops.workflow.steps.CacheConfig sagemaker.mlops.workflow.model_step.ModelStep
    sagemaker.mlops.workflow.condition_step.ConditionStep sagemaker.mlops.workflow.pipeline.Pipeline
    sagemaker.core.workflow.parameters.ParameterString sagemaker.core.workflow.parameters.ParameterInteger
    sagemaker.core.workflow.parameters.ParameterFloat
    sagemaker.core.workflow.properties.PropertyFile sagemaker.core.workflow.functions.Join
    sagemaker.core.workflow.functions.JsonGet sagemaker.core.transformer.Transformer
    sagemaker.core.spark.processing.PySparkProcessor sagemaker.core.spark.processing.SparkJarProcessor
    sagemaker.mlops.workflow.lambda_step.LambdaStep sagemaker.mlops.workflow.callback_step.CallbackStep
    sagemaker.mlops.workflow.fail_step.FailStep sagemaker.mlops.workflow.emr_step.EMRStep
    sagemaker.mlops.workflow.quality_check_step.QualityCheckStep
    sagemaker.mlops.workflow.clarify_check_step.ClarifyCheckStep
    sagemaker.mlops.workflow.automl_step.AutoMLStep
    sagemaker.mlops.workflow.notebook_job_step.NotebookJobStep
""".split()

V3_CONFIGS = """
    SourceCode Compute HyperPodCompute Networking InputData OutputDataConfig TensorBoardOutputConfig
    CheckpointConfig StoppingCondition RetryStrategy Channel ShuffleConfig DataSource S3DataSource
    FileSystemDataSource TrainingImageConfig TrainingRepositoryAuthConfig Tag InfraCheckConfig
    RemoteDebugConfig SessionChainingConfig InstanceGroup HubAccessConfig ModelAccessConfig MetricDefinition
    DatasetSource
""".split()

V3_METHODS = """
    train from_recipe with_tensorboard_output_config with_retry_strategy with_infra_check_config
    with_session_chaining_config with_remote_debug_config with_checkpoint_config with_metric_definitions
""".split()

V3_OTHER_METHODS = """
    sagemaker.core.processing.Processor.run sagemaker.core.processing.ScriptProcessor.run
    sagemaker.core.processing.FrameworkProcessor.run sagemaker.core.spark.processing.PySparkProcessor.run
    sagemaker.core.spark.processing.SparkJarProcessor.run sagemaker.core.transformer.Transformer.transform
    sagemaker.mlops.workflow.pipeline.Pipeline.create sagemaker.mlops.workflow.pipeline.Pipeline.start
    sagemaker.mlops.workflow.pipeline.Pipeline.update sagemaker.mlops.workflow.pipeline.Pipeline.upsert
""".split()

# Copies of v3's classes in late 2.x; their base classes are in another package.
V2_TWINS = {
    "sagemaker.modules.train.model_trainer.ModelTrainer": "sagemaker.train.model_trainer.ModelTrainer",
    "sagemaker.modules.train.ModelTrainer": "sagemaker.train.model_trainer.ModelTrainer",
    "sagemaker.modules.distributed.Torchrun": "sagemaker.train.distributed.Torchrun",
    "sagemaker.modules.distributed.MPI": "sagemaker.train.distributed.MPI",
    "sagemaker.modules.distributed.SMP": "sagemaker.train.distributed.SMP",
}


def make(wheels: Path | Sequence[Path]) -> dict[str, dict[str, Any]]:
    """Return the tables by file name."""
    botocore = Wheel(wheels, "botocore")
    v2 = Wheel(wheels, "sagemaker", below=3)
    core, train, mlops = (Wheel(wheels, f"sagemaker-{part}") for part in ("core", "train", "mlops"))
    shapes = from_botocore.read_shapes(botocore)
    return {
        "instance_types.json": _dated(from_botocore.instance_types(shapes), botocore),
        "property_trees.json": _dated(from_botocore.property_trees(shapes), botocore, v2),
        "train_constraints.json": _dated(from_botocore.constraints(shapes), botocore),
        "framework_pairs.json": _dated({"frameworks": from_image_uris.framework_pairs(v2, core)}, v2, core),
        "image_registries.json": _dated(from_image_uris.image_registries(v2, core), v2, core),
        "signatures_v2.json": _dated(signatures_v2(v2), v2),
        "signatures_v3.json": _dated(signatures_v3(core, train, mlops), core, train, mlops),
    }


def signatures_v2(wheel: Wheel) -> dict[str, Any]:
    """Return the signatures of SDK v2."""
    signatures = Signatures(Sources(wheel))
    _add(signatures, V2_CLASSES, V2_METHODS)
    aliases = signatures.aliases(V2_CLASSES)
    aliases["sagemaker.workflow.parameters.ParameterBoolean"] = "sagemaker.workflow.parameters.Parameter"
    return _signatures(signatures, aliases)


def signatures_v3(*wheels: Wheel) -> dict[str, Any]:
    """Return the signatures of SDK v3."""
    signatures = Signatures(Sources(*wheels))
    configs = "sagemaker.core.training.configs"
    trainer = "sagemaker.train.model_trainer.ModelTrainer"
    classes = [*V3_CLASSES, *(f"{configs}.{name}" for name in V3_CONFIGS)]
    _add(signatures, classes, [*(f"{trainer}.{name}" for name in V3_METHODS), *V3_OTHER_METHODS])
    aliases = signatures.aliases(classes, (configs, "sagemaker.train.configs"))
    for name in V3_CONFIGS:
        home = f"{configs}.{name}"
        aliases[f"sagemaker.modules.configs.{name}"] = aliases.get(home, home)
    aliases.update(V2_TWINS)
    aliases["sagemaker.core.workflow.parameters.ParameterBoolean"] = (
        "sagemaker.core.workflow.parameters.Parameter"
    )
    return _signatures(signatures, aliases)


def _signatures(signatures: Signatures, aliases: dict[str, str]) -> dict[str, Any]:
    """Return the table; aliases as module -> module of the definition -> names, a third of the size of pairs."""
    grouped: dict[str, dict[str, list[str]]] = {}
    renamed: dict[str, str] = {}
    for alias, home in sorted(aliases.items()):
        (module, _, name), (origin, _, defined) = alias.rpartition("."), home.rpartition(".")
        if name == defined:
            grouped.setdefault(module, {}).setdefault(origin, []).append(name)
        else:
            renamed[alias] = home
    return {"classes": dict(sorted(signatures.classes.items())), "aliases": grouped, "renamed": renamed}


def _add(signatures: Signatures, classes: list[str], methods: list[str]) -> None:
    for dotted in classes:
        if signatures.add(dotted) is None:
            raise LookupError(dotted)
    for dotted in methods:
        signatures.add_method(dotted)


def _dated(table: dict[str, Any], *wheels: Wheel) -> dict[str, Any]:
    return {"_meta": {wheel.distribution: wheel.version for wheel in wheels}, **table}


def text_of(table: dict[str, Any]) -> str:
    """Return a table as JSON: one line for each entry of its larger parts, so that a diff is readable."""
    lines = []
    for key, part in sorted(table.items()):
        if isinstance(part, dict) and key != "_meta":
            rows = ",\n".join(f"{json.dumps(name)}:{_compact(row)}" for name, row in part.items())
            lines.append(f"{json.dumps(key)}:{{\n{rows}\n}}")
        else:
            lines.append(f"{json.dumps(key)}:{_compact(part)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def main() -> int:
    """Write or check the tables; return the exit code."""
    parser = argparse.ArgumentParser(description="Make SageMaker's tables anew.")
    parser.add_argument(
        "--wheels", type=Path, nargs="+", help="folders with the wheels, else they are downloaded"
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing, exit 1 where a table would change"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        if options.wheels is None:
            download(Path(scratch))
        tables = make(options.wheels or Path(scratch))
    changed = False
    for name, table in tables.items():
        path, text = TABLES / name, text_of(table)
        same = path.is_file() and path.read_text(encoding="utf-8") == text
        changed = changed or not same
        print(f"{name}: {len(text)} bytes, {'unchanged' if same else 'changed'}")
        if not same and not options.check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 1 if changed and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
