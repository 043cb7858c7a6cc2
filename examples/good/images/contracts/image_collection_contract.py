"""What image_collection.py needs and gives."""

from ..interface import ScriptContract

IMAGE_COLLECTION_CONTRACT = ScriptContract(  # noqa: TRN004 - another repository builds it
    entry_point="image_collection.py",
    expected_input_paths={"archive": "/opt/ml/processing/input/archive"},
    expected_output_paths={
        "images": "/opt/ml/processing/output/images",
        "classes": "/opt/ml/processing/output/classes",
    },
    framework_requirements={"torch": "==2.1.0", "numpy": ">=1.24"},
)
