"""Rows for text and recommendation: spaCy, gensim, fastText, surprise, others.

Sources: spaCy 3.7, gensim 4.4, fasttext 0.9, flair 0.15, bertopic 0.17, scikit-surprise 1.1, nltk 3.8,
vowpalwabbit 9.10.
"""

from __future__ import annotations

from flake8_training.libraries.rows import (
    INSTANCE,
    SELF,
    WORK,
    Carries,
    Evaluates,
    Fetches,
    HoldsOut,
    Library,
    May,
    Predicts,
    Prepares,
    Reads,
    Returns,
    Row,
    Saves,
    Trains,
)

_SPACY: tuple[Row, ...] = (
    Trains("spacy.**.update", "other", step=True),
    Trains("spacy.**.rehearse", "other", step=True),
    # train(config_path, output_path, ...) evaluates on the development set of the configuration.
    Trains("spacy.cli.train", "other", saves_to=(1, "output_path")),
    Trains("spacy.cli.train.train", "other", saves_to=(1, "output_path")),
    HoldsOut("spacy.cli.train"),
    HoldsOut("spacy.cli.train.train"),
    Evaluates("spacy.**.evaluate"),
    Evaluates("spacy.scorer.Scorer().score"),
    Reads("spacy.load", (0, "name"), "model"),
    Reads("spacy.tokens.DocBin().from_disk", (0, "path")),
    Reads("spacy.**.from_disk", (0, "path"), "model"),
    Reads("spacy.training.Corpus", (0, "path")),
    Saves("spacy.**.to_disk", (0, "path"), framework="other"),
    Saves("spacy.tokens.**.to_disk", (0, "path"), "data"),
    Returns("spacy.load", "spacy.language.Language()"),
    Returns("spacy.blank", "spacy.language.Language()"),
    Returns("spacy.util.load_model", "spacy.language.Language()"),
)

_MODELS = (
    "Word2Vec",
    "FastText",
    "Doc2Vec",
    "LdaModel",
    "LdaMulticore",
    "LsiModel",
    "HdpModel",
    "Nmf",
    "EnsembleLda",
)
"""Classes of gensim that train if their constructor gets data."""

_GENSIM: tuple[Row, ...] = (
    *(Trains(f"gensim.models.{name}", "other") for name in _MODELS),
    Reads("gensim.models.Word2Vec", ("corpus_file",)),
    Reads("gensim.models.FastText", ("corpus_file",)),
    Trains("gensim.**.train", "other"),
    Trains("gensim.models.*().update", "other"),
    Prepares("gensim.models.TfidfModel"),
    Prepares("gensim.models.Phrases"),
    Evaluates("gensim.models.CoherenceModel().get_coherence"),
    Evaluates("gensim.**.log_perplexity"),
    Evaluates("gensim.**.evaluate_word_pairs"),
    Evaluates("gensim.**.evaluate_word_analogies"),
    Saves("gensim.**.save", (0, "fname", "fname_or_handle"), framework="other", form="pickle"),
    Saves("gensim.**.save_word2vec_format", (0, "fname"), framework="other"),
    Saves("gensim.corpora.**.save", (0, "fname"), "part"),
    Saves("gensim.corpora.**.serialize", (0, "fname"), "data"),
    Reads("gensim.models.word2vec.LineSentence", (0, "source")),
    Reads("gensim.models.word2vec.PathLineSentences", (0, "source")),
    Reads("gensim.models.doc2vec.TaggedLineDocument", (0, "source")),
    Reads("gensim.models.KeyedVectors.load_word2vec_format", (0, "fname"), "model"),
    Reads("gensim.models.*.load", (0, "fname"), "model"),
    Returns("gensim.models.*.load", INSTANCE),
    Fetches("gensim.downloader.load"),
)

_FASTTEXT: tuple[Row, ...] = (
    *(
        row
        for name in ("train_supervised", "train_unsupervised", "supervised", "skipgram", "cbow")
        for row in (
            Reads(f"fasttext.{name}", (0, "input", "input_file")),
            Trains(f"fasttext.{name}", "other", held_out=("autotuneValidationFile",)),
            Returns(f"fasttext.{name}", "fasttext.FastText()"),
        )
    ),
    Reads("fasttext.load_model", (0, "path"), "model"),
    Returns("fasttext.load_model", "fasttext.FastText()"),
    Evaluates("fasttext.FastText().test"),
    Evaluates("fasttext.FastText().test_label"),
    Predicts("fasttext.FastText().predict"),
    Saves("fasttext.FastText().save_model", (0, "path"), framework="other"),
)

_OTHERS: tuple[Row, ...] = (
    Trains("flair.trainers.ModelTrainer().train", "other", saves_to=(0, "base_path")),
    Trains("flair.trainers.ModelTrainer().fine_tune", "other", saves_to=(0, "base_path")),
    # The corpus has a development part; if it is missing, flair cuts it off the training data.
    HoldsOut("flair.trainers.ModelTrainer"),
    Reads("flair.datasets.*", (0, "data_folder")),
    Saves("flair.**.save", (0, "model_file"), framework="other", form="torch"),
    *(Trains(f"bertopic.**.{method}", "other") for method in ("fit", "fit_transform", "partial_fit")),
    Returns("bertopic.**.fit", SELF),
    Saves("bertopic.**.save", (0, "path"), framework="other"),
    Reads("bertopic.BERTopic.load", (0, "path"), "model"),
    Trains("top2vec.Top2Vec", "other"),
    Saves("top2vec.Top2Vec().save", (0, "file"), framework="other", form="joblib"),
    Trains("nltk.**.train", "other"),
    Evaluates("nltk.classify.accuracy"),
    Evaluates("nltk.classify.util.accuracy"),
    Evaluates("nltk.translate.**"),
    Fetches("nltk.download", target=("download_dir", 1)),
    Prepares("sentencepiece.SentencePieceTrainer.*"),
    Trains("snorkel.labeling.model.**.fit", "other"),
    Trains("farm.train.Trainer().train", "pytorch"),
    May("farm.train.Trainer().train", WORK),
    Saves("farm.**.save", (0, "save_dir"), framework="pytorch"),
    Trains("rasa.train", "other", saves_to=("output", 3)),
    May("rasa.train", WORK),
    Evaluates("rouge_score.rouge_scorer.RougeScorer().score"),
    Evaluates("bert_score.score"),
)

_RECOMMENDATION: tuple[Row, ...] = (
    Trains("surprise.**.fit", "other"),
    Returns("surprise.**.fit", SELF),
    Evaluates("surprise.accuracy.*"),
    Evaluates("surprise.model_selection.cross_validate"),
    Evaluates("surprise.model_selection.validation.cross_validate"),
    HoldsOut("surprise.model_selection.*SearchCV"),
    Predicts("surprise.**.test"),
    Predicts("surprise.**.predict"),
    Reads("surprise.Dataset.load_from_file", (0, "file_path")),
    Reads("surprise.Dataset.load_from_folds", (0, "folds_files")),
    Fetches("surprise.Dataset.load_builtin"),
    Saves("surprise.dump.dump", (0, "file_name"), framework="other", form="pickle"),
    Reads("surprise.dump.load", (0, "file_name")),
    Trains("recbole.quick_start.run_recbole", "pytorch"),
    May("recbole.quick_start.run_recbole", WORK),
    Trains("vowpalwabbit.**.learn", "other", step=True),
    Predicts("vowpalwabbit.**.predict"),
    Saves("vowpalwabbit.**.save", (0, "filename"), framework="other"),
    *(
        Carries(f"vowpalwabbit.{name}", ("final_regressor",))
        for name in ("Workspace", "pyvw.Workspace", "pyvw.vw")
    ),
    # Bayesian networks: fitting learns the probabilities from data; the node states are only declared.
    Trains("causalnex.network.BayesianNetwork().fit_cpds", "other"),
    Trains("causalnex.network.BayesianNetwork().fit_latent_cpds", "other"),
    Returns("causalnex.network.BayesianNetwork().fit_cpds", SELF),
    Returns("causalnex.network.BayesianNetwork().fit_node_states", SELF),
    Prepares("causalnex.network.BayesianNetwork().fit_node_states"),
    Prepares("causalnex.discretiser.**.fit"),
    Trains("causalnex.structure.notears.from_pandas", "other"),
    Evaluates("causalnex.evaluation.*"),
    Predicts("causalnex.network.BayesianNetwork().predict"),
    Predicts("causalnex.network.BayesianNetwork().predict_probability"),
    Trains("pgmpy.**.fit", "other"),
)

ROWS: tuple[Row, ...] = (*_SPACY, *_GENSIM, *_FASTTEXT, *_OTHERS, *_RECOMMENDATION)

LIBRARIES: tuple[Library, ...] = (
    *(
        Library(name, framework="other")
        for name in (
            "bertopic",
            "causalnex",
            "fasttext",
            "flair",
            "gensim",
            "pgmpy",
            "snorkel",
            "spacy",
            "surprise",
            "top2vec",
            "vowpalwabbit",
        )
    ),
    Library("spacy_transformers"),
    Library("spacy.cli", WORK, "other"),
    Library("spacy.training.loop", WORK, "other"),
    *(
        Library(name)
        for name in ("bert_score", "keybert", "nltk", "rouge_score", "sentencepiece", "textblob")
    ),
    *(Library(name, WORK, "other") for name in ("deeppavlov", "farm", "haystack", "rasa", "recbole")),
)
