"""The step behind the training."""

MODEL_EVALUATION_SPEC = {  # noqa: TRN004 - another repository builds it
    "step_name": "model-evaluation",
    "inputs": {
        "model": "model_artifacts",
    },
    "outputs": {
        "report": "ProcessingOutput",
    },
}
