"""Rows for JAX, Flax, Trax, Chainer, PaddlePaddle, Ray, reinforcement learning.

Sources: jax 0.4, flax 0.12, orbax-checkpoint 0.12, trax 1.4, chainer 7.8, paddlepaddle 2.6, stable-baselines3 2.9,
ray 2.9 (and 0.8 for ``ray.rllib.agents``).
"""

from __future__ import annotations

from flake8_training.libraries.rows import (
    ALL,
    RECEIVER,
    SELF,
    WORK,
    Carries,
    Evaluates,
    Fetches,
    HoldsOut,
    Library,
    May,
    Predicts,
    Reads,
    Returns,
    Row,
    Saves,
    Trains,
)

_JAX: tuple[Row, ...] = (
    # Each training step calls the function that computes the gradient, and the one that applies it.
    *(
        Trains(f"{module}.{name}", "other", step=True)
        for module in ("jax", "flax.nnx")
        for name in ("grad", "value_and_grad")
    ),
    Trains("equinox.filter_grad", "other", step=True),
    Trains("equinox.filter_value_and_grad", "other", step=True),
    Trains("haiku.grad", "other", step=True),
    Trains("haiku.value_and_grad", "other", step=True),
    Trains("optax.apply_updates", "other", step=True),
    Trains("equinox.apply_updates", "other", step=True),
    Trains("flax.nnx.Optimizer().update", "other", step=True),
    Trains("flax.**.apply_gradients", "other", step=True),
    Saves("flax.training.checkpoints.save_checkpoint", (0, "ckpt_dir"), framework="other", form="flax"),
    Saves(
        "flax.training.checkpoints.save_checkpoint_multiprocess",
        (0, "ckpt_dir"),
        framework="other",
        form="flax",
    ),
    Reads("flax.training.checkpoints.restore_checkpoint", (0, "ckpt_dir"), "model"),
    Carries("orbax.checkpoint.CheckpointManager", (0, "directory")),
    Saves("orbax.checkpoint.CheckpointManager().save", (RECEIVER,), framework="other", form="checkpoint"),
    Saves("orbax.checkpoint.**.save", (0, "directory", "path"), framework="other", form="checkpoint"),
    Reads("orbax.checkpoint.**.restore", (0, "directory", "path"), "model"),
    Saves("equinox.tree_serialise_leaves", (0, "path_or_file"), framework="other"),
    Reads("equinox.tree_deserialise_leaves", (0, "path_or_file"), "model"),
)

_TRAX: tuple[Row, ...] = (
    Trains("trax.supervised.training.Loop().run", "other"),
    HoldsOut("trax.supervised.training.Loop", ("eval_tasks", "eval_task", 3)),
    Carries("trax.supervised.training.Loop", ("output_dir",)),
    Saves("trax.**.save_checkpoint", (RECEIVER,), framework="other"),
    Saves("trax.layers.**.save_to_file", (0, "file_name"), framework="other", form="pickle"),
    Fetches("trax.data.TFDS", ("data_dir",)),
    Returns("trax.AsKeras", "keras.Model()"),
    Returns("trax.trax2keras.AsKeras", "keras.Model()"),
)

_CHAINER: tuple[Row, ...] = (
    Trains("chainer.training.Trainer().run", "other"),
    # Trainer(updater, stop_trigger, out, ...): extensions.snapshot saves below ``out``.
    Carries("chainer.training.Trainer", ("out", 2)),
    HoldsOut("chainer.training.extensions.Evaluator"),
    Evaluates("chainer.training.extensions.Evaluator().evaluate"),
    Trains("chainer.**.backward", "other", step=True),
    Trains("chainer.optimizers.*().update", "other", step=True),
    Saves("chainer.serializers.save_npz", (0, "file"), framework="other", form="npy"),
    Saves("chainer.serializers.save_hdf5", (0, "filename"), framework="other", form="h5"),
    Reads("chainer.serializers.load_npz", (0, "file"), "model"),
    Reads("chainer.serializers.load_hdf5", (0, "filename"), "model"),
    Fetches("chainer.datasets.get_*"),
    Trains("chainermn.**.update", "other", step=True),
    *(
        Trains(f"{library}.experiments.train_agent*", "other", saves_to=("outdir",))
        for library in ("chainerrl", "pfrl")
    ),
)

_PADDLE: tuple[Row, ...] = (
    # Model.fit(train_data, eval_data, ..., save_dir=).
    Trains("paddle.Model().fit", "other", held_out=(1, "eval_data"), saves_to=("save_dir",)),
    Evaluates("paddle.Model().evaluate"),
    Predicts("paddle.Model().predict"),
    Trains("paddle.**.backward", "other", step=True),
    Trains("paddle.optimizer.**.minimize", "other", step=True),
    Trains("paddle.optimizer.*().step", "other", step=True),
    Saves("paddle.save", (1, "path"), framework="other", form="pickle"),
    Saves("paddle.jit.save", (1, "path"), framework="other"),
    Saves("paddle.Model().save", (0, "path"), framework="other"),
    Saves("paddle.static.save_inference_model", (0, "path_prefix"), framework="other"),
    Reads("paddle.load", (0, "path")),
    Fetches("paddle.vision.datasets.*", ("image_path", "data_file")),
    Fetches("paddle.text.*", ("data_file",)),
    Reads("paddle.vision.datasets.*Folder", (0, "root")),
)

_REINFORCEMENT: tuple[Row, ...] = (
    *(
        row
        for library in ("stable_baselines3", "stable_baselines", "sb3_contrib")
        for row in (
            Trains(f"{library}.**.learn", "other"),
            Returns(f"{library}.**.learn", SELF),
            Predicts(f"{library}.**.predict"),
            Saves(f"{library}.**.save", (0, "path", "save_path"), framework="other", form="zip"),
            Reads(f"{library}.**.load", (0, "path", "load_path"), "model"),
            Evaluates(f"{library}.common.evaluation.evaluate_policy"),
            Carries(f"{library}.common.callbacks.CheckpointCallback", (1, "save_path")),
            Carries(f"{library}.common.callbacks.EvalCallback", ("best_model_save_path", 6)),
            HoldsOut(f"{library}.common.callbacks.EvalCallback"),
        )
    ),
    Trains("ray.rllib.**.train", "other"),
    Saves("ray.rllib.**.save", (0, "checkpoint_dir"), framework="other", form="checkpoint"),
    Saves("ray.rllib.**.save_checkpoint", (0, "checkpoint_dir"), framework="other", form="checkpoint"),
    Saves("ray.rllib.**.save_to_path", (0, "path"), framework="other", form="checkpoint"),
    Saves("ray.rllib.**.export_model", (0, "export_dir"), framework="other"),
    Saves("ray.rllib.**.export_policy_model", (0, "export_dir"), framework="other"),
    Evaluates("ray.rllib.**.evaluate"),
    Returns("ray.rllib.**.build", "ray.rllib.algorithms.Algorithm()"),
    Returns("ray.rllib.**.build_algo", "ray.rllib.algorithms.Algorithm()"),
    # They train a function that the script passes to them.
    *(
        row
        for name in ("ray.train.**.fit", "ray.tune.**.fit", "ray.tune.run", "ray.tune.run_experiments")
        for row in (Trains(name, "other", saves_to=("local_dir", "storage_path")), May(name, WORK))
    ),
    Carries("ray.train.RunConfig", ("storage_path", "local_dir")),
    Carries("ray.air.config.RunConfig", ("storage_path", "local_dir")),
    Carries("ray.air.RunConfig", ("storage_path", "local_dir")),
    Reads("ray.data.read_*", (0, "paths")),
)

ROWS: tuple[Row, ...] = (*_JAX, *_TRAX, *_CHAINER, *_PADDLE, *_REINFORCEMENT)

LIBRARIES: tuple[Library, ...] = (
    *(
        Library(name, framework="other")
        for name in (
            "jax",
            "flax",
            "optax",
            "orbax",
            "haiku",
            "equinox",
            "chainer",
            "paddle",
            "stable_baselines3",
            "stable_baselines",
            "sb3_contrib",
            "chainermn",
        )
    ),
    Library("jaxlib"),
    Library("chex"),
    Library("trax", framework="other"),
    Library("trax.supervised.trainer_lib", WORK, "other"),
    *(
        Library(name, ALL, "other")
        for name in (
            "chainerrl",
            "pfrl",
            "paddlenlp",
            "paddlex",
            "ppdet",
            "t5x",
            "maxtext",
            "rlcard",
            "tianshou",
        )
    ),
    # Remote functions and actors are called by unknown methods.
    Library("ray", framework="other"),
    *(
        Library(f"ray.{name}", WORK, "other")
        for name in ("tune", "train", "air", "util", "serve", "job_submission")
    ),
    # Reinforcement learning: the data comes from an environment; in rllib only ``evaluate`` evaluates.
    Library("ray.rllib", frozenset({"trains", "saves"}), "other"),
    Library("ray.tune.logger", framework="other"),
    Library("ray.tune.registry", framework="other"),
    # The coach runs the experiment passed to it; its launcher evaluates.
    Library("sagemaker_rl.ray_launcher", ALL - {"reads", "evaluates"}, "other"),
    *(
        Library(name, ALL - {"reads"}, "other")
        for name in ("sagemaker_rl", "rl_coach", "tensorforce", "acme", "dopamine")
    ),
)
