"""The step before the training."""

DATA_PREPROCESSING_SPEC = {  # noqa: TRN004 - another repository builds it
    "step_name": "data-preprocessing",
    "inputs": {
        "raw_data": "ProcessingInput",
    },
    "outputs": {
        "training_data": "ProcessingOutput",
        "validation_data": "ProcessingOutput",
    },
}
