"""Put the images of an archive into tensors."""

import argparse
import json
import os

import torch


def main(input_paths, output_paths, environ_vars, job_args):
    """Read the archive, write images and classes."""
    archive = torch.load(os.path.join(input_paths["archive"], "archive.pt"))
    for part in ("train", "held_out"):
        torch.save(archive[part], os.path.join(output_paths["images"], f"{part}.pt"))
    with open(os.path.join(output_paths["classes"], "classes.json"), "w") as stream:
        json.dump(archive["classes"], stream)


if __name__ == "__main__":
    main(
        input_paths={"archive": "/opt/ml/processing/input/archive"},
        output_paths={
            "images": "/opt/ml/processing/output/images",
            "classes": "/opt/ml/processing/output/classes",
        },
        environ_vars={},
        job_args=argparse.Namespace(),
    )
