"""Train a small network with PyTorch: a loop of its own, a test after each epoch, checkpoints from which it goes on."""

import argparse
import os

import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset


class Net(nn.Module):
    """Two layers for images of 28 by 28 pixels."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x):
        """Return the scores of the ten classes."""
        return self.fc2(torch.relu(self.fc1(x)))


def loader(channel, batch_size):
    """Return the batches of a channel: images and labels saved as tensors."""
    images, labels = torch.load(os.path.join(channel, "data.pt"))
    return DataLoader(TensorDataset(images, labels), batch_size=batch_size, shuffle=True)


def train(model, batches, optimizer, criterion):
    """Go through the data once."""
    model.train()
    for data, target in batches:
        optimizer.zero_grad()
        loss = criterion(model(data), target)
        loss.backward()
        optimizer.step()


def test(model, batches):
    """Return the share of right answers on data the model has not seen."""
    model.eval()
    right = 0
    with torch.no_grad():
        for data, target in batches:
            right += (model(data).argmax(dim=1) == target).sum().item()
    return right / len(batches.dataset)


def main():
    """Train for as many epochs as asked, and save the weights."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--learning-rate", type=float, default=0.001)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--training", default=os.environ.get("SM_CHANNEL_TRAINING"))
    parser.add_argument("--validation", default=os.environ.get("SM_CHANNEL_VALIDATION"))
    parser.add_argument("--model-dir", default=os.environ.get("SM_MODEL_DIR"))
    parser.add_argument("--checkpoints", default="/opt/ml/checkpoints")
    args = parser.parse_args()

    model = Net()
    optimizer = optim.Adam(model.parameters(), lr=args.learning_rate)
    criterion = nn.CrossEntropyLoss()
    training = loader(args.training, args.batch_size)
    validation = loader(args.validation, args.batch_size)

    first, checkpoint = 0, os.path.join(args.checkpoints, "last.pt")
    if os.path.exists(checkpoint):
        state = torch.load(checkpoint)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        first = state["epoch"] + 1
    os.makedirs(args.checkpoints, exist_ok=True)

    for epoch in range(first, args.epochs):
        train(model, training, optimizer, criterion)
        print(f"epoch {epoch}: validation accuracy {test(model, validation):.4f}")
        state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch}
        torch.save(state, checkpoint)

    torch.save(model.state_dict(), os.path.join(args.model_dir, "model.pth"))


if __name__ == "__main__":
    main()
