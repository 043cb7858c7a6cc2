"""Train a classifier of images; the places come from outside, so that a test can give others."""

import argparse
import json
import os

import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset


def batches(folder, name, size):
    """Return the batches of one part of the images."""
    images, labels = torch.load(os.path.join(folder, name))
    return DataLoader(TensorDataset(images, labels), batch_size=size, shuffle=True)


def share_of_right_answers(model, loader):
    """Return how many of the images that the model has not seen it knows."""
    model.eval()
    right = 0
    with torch.no_grad():
        for data, target in loader:
            right += (model(data).argmax(dim=1) == target).sum().item()
    return right / len(loader.dataset)


def main(input_paths, output_paths, environ_vars, job_args):
    """Train for as many epochs as asked, save the weights and a report."""
    train = batches(input_paths["images"], "train.pt", job_args.batch_size)
    held_out = batches(input_paths["images"], "held_out.pt", job_args.batch_size)
    with open(os.path.join(input_paths["classes"], "classes.json")) as stream:
        classes = json.load(stream)

    model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, len(classes)))
    model.to(environ_vars["DEVICE"])
    optimizer = optim.Adam(model.parameters(), lr=job_args.learning_rate)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(job_args.epochs):
        model.train()
        for data, target in train:
            optimizer.zero_grad()
            loss = criterion(model(data), target)
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch}: loss {loss.item():.4f}")

    share = share_of_right_answers(model, held_out)
    with open(os.path.join(output_paths["report"], "report.json"), "w") as stream:
        json.dump({"accuracy": share, "label": environ_vars["LABEL_FIELD"]}, stream)
    torch.save(model.state_dict(), os.path.join(output_paths["model"], "model.pth"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--learning-rate", type=float, required=True)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--batch-size", type=int, default=64)
    main(
        input_paths={
            "images": "/opt/ml/input/data/images",
            "classes": "/opt/ml/input/data/classes",
        },
        output_paths={
            "model": "/opt/ml/model",
            "report": "/opt/ml/output/data",
        },
        environ_vars={
            "LABEL_FIELD": os.environ["LABEL_FIELD"],
            "DEVICE": os.environ.get("DEVICE", "cpu"),
        },
        job_args=parser.parse_args(),
    )
