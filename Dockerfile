# An image with the command: docker run --rm --network none -v "$PWD:/repository:ro" IMAGE check
FROM python:3.12-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/*
COPY pyproject.toml README.md LICENSE /source/
COPY flake8_training /source/flake8_training
COPY hooks /source/hooks
RUN python -m pip install --no-cache-dir /source && rm -r /source
# The repository belongs to another user than that of the image; the command runs no program of it.
RUN git config --system --add safe.directory '*' && useradd --create-home checker
USER checker
WORKDIR /repository
ENTRYPOINT ["training-alignment"]
CMD ["check"]
