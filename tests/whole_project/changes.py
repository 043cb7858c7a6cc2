"""Single changes to the project: what is replaced where, and the finding that names the mistake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Change(NamedTuple):
    """A replacement in one part, and the code of the finding.

    ``at`` is a string of the finding's line, ``where`` its part (the changed part if empty). ``beside`` are codes of
    other true findings. Without a code, ``silent`` is the reason why nothing is reported.
    """

    part: str
    old: str
    new: str
    code: str = ""
    at: str = ""
    where: str = ""
    beside: tuple[str, ...] = ()
    silent: str = ""


NO_MISTAKE: Final = "no mistake"

_SAVE = """\
    folder = os.environ.get("SM_MODEL_DIR", "/opt/ml/model")
    model.save_model(os.path.join(folder, "model.json"))
"""
_TRAIN = """xgb.train(
        params=parameters,
        dtrain=train,
        num_boost_round=rounds,
        evals=[(validation, "validation")],
        early_stopping_rounds=20,
    )"""
_EVALUATION = '    scores = model.predict(validation)\n    print("auc:", roc_auc_score(held_out, scores))\n'

SCRIPT: Final[Mapping[str, Change]] = {
    "hyperparameters written into the script": Change(
        "script",
        '    with open("/opt/ml/input/config/hyperparameters.json") as stream:\n        given = json.load(stream)\n',
        '    given = {"max_depth": 5, "eta": 0.2, "objective": \'"binary:logistic"\', "num_round": 200}\n',
        "TRN410",
        '"max_depth": 5',
        "builder",
    ),
    "the file of hyperparameters misspelt": Change(
        "script",
        "config/hyperparameters.json",
        "config/hyperparameter.json",
        "TRN111",
        beside=("TRN410",),
    ),
    "the folder of hyperparameters left out": Change(
        "script", "/opt/ml/input/config/hyper", "/opt/ml/config/hyper", "TRN111"
    ),
    "the folder of hyperparameters misspelt": Change(
        "script", "/opt/ml/input/config/hyper", "/opt/ml/inputs/config/hyper", "TRN111"
    ),
    "a hyperparameter misspelt in the script": Change(
        "script", 'given["max_depth"]', 'given["max_dept"]', "TRN158", beside=("TRN410",)
    ),
    "another hyperparameter misspelt in the script": Change(
        "script", 'given["num_round"]', 'given["num_rounds"]', "TRN158", beside=("TRN410",)
    ),
    "a hyperparameter that nothing declares": Change(
        "script",
        '        "eta":',
        '        "gamma": float(given["gamma"]),\n        "eta":',
        "TRN158",
        beside=("TRN426",),
    ),
    "a count of rounds without conversion": Change(
        "script", 'int(given["num_round"])', 'given["num_round"]', "TRN119", "num_boost_round"
    ),
    "an encoded string without decoding": Change(
        "script", 'json.loads(given["objective"])', 'given["objective"]', "TRN119"
    ),
    "a hyperparameter never read": Change(
        "script",
        '        "eta": float(given["eta"]),\n',
        "",
        "TRN159",
        '"eta": 0.2',
        "contract",
        beside=("TRN410",),
    ),
    "training data from a local file": Change(
        "script",
        'os.environ["SM_CHANNEL_TRAINING"]',
        '"data"',
        "TRN151",
        '"training_data"',
        "contract",
        beside=("TRN409",),
    ),
    "all data from local files": Change(
        "script",
        'os.path.join(folder, "loans.csv")',
        '"data/loans.csv"',
        "TRN102",
        "xgb.train(",
        beside=("TRN151",),
    ),
    "validation data from a local file": Change(
        "script",
        '"/opt/ml/input/data/validation"',
        '"data"',
        "TRN151",
        '"validation_data"',
        "contract",
        beside=("TRN409",),
    ),
    "the folder of the channels misspelt": Change(
        "script",
        "/opt/ml/input/data/validation",
        "/opt/ml/inputs/data/validation",
        "TRN111",
        beside=("TRN151", "TRN409"),
    ),
    "a channel of another name": Change(
        "script",
        "SM_CHANNEL_TRAINING",
        "SM_CHANNEL_TRAIN",
        "TRN150",
        "pd.read_csv",
        beside=("TRN151", "TRN408"),
    ),
    "a path of another channel": Change(
        "script",
        "/opt/ml/input/data/validation",
        "/opt/ml/input/data/test",
        "TRN150",
        "pd.read_csv",
        beside=("TRN151", "TRN408"),
    ),
    "a channel misspelt in a path": Change(
        "script",
        "/opt/ml/input/data/validation",
        "/opt/ml/input/data/valdiation",
        "TRN150",
        "pd.read_csv",
        beside=("TRN151", "TRN408"),
    ),
    "the training channel read twice": Change(
        "script",
        '"/opt/ml/input/data/validation"',
        '"/opt/ml/input/data/training"',
        "TRN151",
        '"validation_data"',
        "contract",
        beside=("TRN409",),
    ),
    "a third channel": Change(
        "script",
        "    train = xgb.DMatrix(",
        '    more, _ = loans("/opt/ml/input/data/test")\n    print(len(more))\n    train = xgb.DMatrix(',
        "TRN150",
        "pd.read_csv",
        beside=("TRN408",),
    ),
    "a variable of a channel misspelt": Change(
        "script", "SM_CHANNEL_TRAINING", "SM_CHANEL_TRAINING", "TRN110", beside=("TRN151", "TRN409")
    ),
    "the variable of the model folder misspelt": Change("script", "SM_MODEL_DIR", "SM_MODELDIR", "TRN110"),
    "a variable that the contract lacks": Change(
        "script",
        "    rounds =",
        '    print(os.environ["LOAN_REGION"])\n    rounds =',
        "TRN155",
        "LOAN_REGION",
    ),
    "no training": Change("script", _TRAIN, "xgb.Booster(parameters)", "TRN103", "__name__"),
    "the result of training discarded": Change(
        "script",
        "    model = xgb.train(",
        "    model = xgb.Booster(parameters)\n    xgb.train(",
        "TRN117",
        "    xgb.train(",
    ),
    "early stopping without an evaluation set": Change(
        "script", '        evals=[(validation, "validation")],\n', "", "TRN124", "xgb.train("
    ),
    "main is never called": Change(
        "script",
        "    main()\n",
        "    pass\n",
        "TRN103",
        "__name__",
        beside=("TRN101", "TRN102", "TRN104", "TRN105", "TRN151"),
    ),
    "no evaluation": Change(
        "script",
        _TRAIN + "\n" + _EVALUATION,
        "xgb.train(params=parameters, dtrain=train, num_boost_round=rounds)\n",
        "TRN105",
        "xgb.train(",
    ),
    "evaluation on training data": Change(
        "script",
        _TRAIN + "\n" + _EVALUATION,
        "xgb.train(params=parameters, dtrain=train, num_boost_round=rounds)\n"
        '    print("auc:", roc_auc_score(repaid, model.predict(train)))\n',
        "TRN105",
        "roc_auc_score(repaid",
    ),
    "evaluation set is the training set": Change(
        "script",
        'evals=[(validation, "validation")],\n        early_stopping_rounds=20,\n    )\n' + _EVALUATION,
        'evals=[(train, "train")],\n    )\n',
        "TRN105",
        "xgb.train(",
    ),
    "no save": Change("script", _SAVE, "", "TRN104", "xgb.train("),
    "saved to a temporary folder": Change(
        "script", 'os.environ.get("SM_MODEL_DIR", "/opt/ml/model")', '"/tmp"', "TRN104", "xgb.train("
    ),
    "saved to the working folder": Change(
        "script", 'os.path.join(folder, "model.json")', '"model.json"', "TRN104", "xgb.train("
    ),
    "saved to a misspelt folder": Change(
        "script", 'os.environ.get("SM_MODEL_DIR", "/opt/ml/model")', '"/opt/ml/models"', "TRN111"
    ),
    "a misspelt default of the model folder": Change(
        "script", '"/opt/ml/model"', '"/opt/ml/models"', "TRN111"
    ),
    "saved to the folder of other output": Change(
        "script",
        'os.environ.get("SM_MODEL_DIR", "/opt/ml/model")',
        '"/opt/ml/output/data"',
        "TRN104",
        "save_model",
        beside=("TRN153",),
    ),
    "a text of the trees in place of the model": Change(
        "script", "model.save_model(", "model.dump_model(", "TRN122"
    ),
    "a relative import": Change(
        "script",
        "import xgboost as xgb\n",
        "import xgboost as xgb\nfrom .tables import clean\n",
        "TRN115",
        "from .tables",
    ),
    "another framework trains": Change(
        "script",
        "model = " + _TRAIN,
        "from sklearn.svm import SVC\n\n    model = SVC().fit(features, repaid)",
        silent="the script uses XGBoost's data, and may train with either framework",
    ),
}

_VALIDATION_INPUT = """        "validation_data": {
            "type": "TrainingInput",
            "source": "s3://loans/validation/",
            "destination": "/opt/ml/input/data/validation",
        },
"""
_INPUTS = (
    """    "inputs": {
        "training_data": {
            "type": "TrainingInput",
            "source": "s3://loans/training/",
            "destination": "/opt/ml/input/data/training",
        },
"""
    + _VALIDATION_INPUT
    + "    },\n"
)
_OUTPUTS = """    "outputs": {
        "model_artifacts": {
            "type": "model_artifacts",
            "source": "/opt/ml/model",
            "destination": "s3://loans/models/",
        },
    },
"""
_HYPERPARAMETERS = """    "hyperparameters": {
        "max_depth": 5,
        "eta": 0.2,
        "objective": "binary:logistic",
        "num_round": 200,
    },
"""
_VARIABLES = """    "environment_variables": {
        "FRAMEWORK": "xgboost",
        "MODEL_TYPE": "classification",
    },
"""

CONTRACT: Final[Mapping[str, Change]] = {
    "an input of another type": Change("contract", '"TrainingInput"', '"ProcessingInput"', "TRN203"),
    "the type of an input misspelt": Change("contract", '"TrainingInput"', '"TrainingInptu"', "TRN203"),
    "an input without a type": Change(
        "contract", '            "type": "TrainingInput",\n', "", "TRN203", '"training_data"'
    ),
    "an input without a source": Change(
        "contract", '            "source": "s3://loans/training/",\n', "", "TRN412", '"training_data"'
    ),
    "an input without a destination": Change(
        "contract",
        '            "destination": "/opt/ml/input/data/training",\n',
        "",
        "TRN214",
        '"training_data"',
    ),
    "the source of an input misspelt": Change(
        "contract", "s3://loans/training/", "s3:/loans/training/", "TRN412"
    ),
    "the source of an input is empty": Change(
        "contract", "s3://loans/training/", "", "TRN412", '"source": ""'
    ),
    "the source of an input is a local path": Change(
        "contract", "s3://loans/training/", "/loans/training/", "TRN412"
    ),
    "the source of an input is a relative path": Change(
        "contract", "s3://loans/training/", "loans/training/", silent="it may be a key of a bucket"
    ),
    "the destination of an input is elsewhere": Change(
        "contract", "/opt/ml/input/data/training", "/data/training", "TRN214"
    ),
    "the destination of an input is of processing jobs": Change(
        "contract", "/opt/ml/input/data/training", "/opt/ml/processing/input/training", "TRN214"
    ),
    "the destination of an input misspelt": Change(
        "contract", "/opt/ml/input/data/training", "/opt/ml/inputs/data/training", "TRN214"
    ),
    "the destination of an input is another channel": Change(
        "contract",
        "/opt/ml/input/data/training",
        "/opt/ml/input/data/train",
        "TRN151",
        '"training_data"',
        beside=("TRN150",),
    ),
    "an input left out": Change("contract", _VALIDATION_INPUT, "", "TRN150", "pd.read_csv", "script"),
    "an input too many": Change(
        "contract",
        _VALIDATION_INPUT,
        _VALIDATION_INPUT + _VALIDATION_INPUT.replace("validation", "test"),
        "TRN151",
        '"test_data"',
    ),
    "a key of an input misspelt": Change("contract", '"destination"', '"destinaton"', "TRN002"),
    "an output of another type": Change(
        "contract", '"type": "model_artifacts"', '"type": "processing_output"', "TRN206"
    ),
    "the type of an output misspelt": Change(
        "contract", '"type": "model_artifacts"', '"type": "model_artefacts"', "TRN206"
    ),
    "an output without a type": Change(
        "contract", '            "type": "model_artifacts",\n', "", "TRN206", '"model_artifacts": {'
    ),
    "an output without a source": Change(
        "contract", '            "source": "/opt/ml/model",\n', "", "TRN214", '"model_artifacts": {'
    ),
    "an output without a destination": Change(
        "contract", '            "destination": "s3://loans/models/",\n', "", "TRN308", '"model_artifacts": {'
    ),
    "the source of an output misspelt": Change("contract", '"/opt/ml/model"', '"/opt/ml/models"', "TRN214"),
    "the source of an output is of processing jobs": Change(
        "contract", '"/opt/ml/model"', '"/opt/ml/processing/model"', "TRN214"
    ),
    "the source of an output is the folder of other output": Change(
        "contract",
        '"/opt/ml/model"',
        '"/opt/ml/output/data"',
        "TRN152",
        '"model_artifacts": {',
        beside=("TRN153", "TRN304"),
    ),
    "the destination of an output misspelt": Change(
        "contract", "s3://loans/models/", "s3:/loans/models/", "TRN308"
    ),
    "the destination of an output is a local path": Change(
        "contract", "s3://loans/models/", "/loans/models/", "TRN308"
    ),
    "the destination of an output is empty": Change(
        "contract", "s3://loans/models/", "", "TRN308", '"destination": ""'
    ),
    "the destination of an output is another bucket": Change(
        "contract", "s3://loans/models/", "s3://loan-models/", "TRN308"
    ),
    "an output too many": Change(
        "contract",
        _OUTPUTS,
        _OUTPUTS.replace(
            "    },\n    },",
            '    },\n        "report": {"type": "report", "source": "/opt/ml/output/data"},\n    },',
        ),
        "TRN204",
        '"report"',
        beside=("TRN152", "TRN308"),
    ),
    "max_depth left out": Change(
        "contract", '        "max_depth": 5,\n', "", "TRN207", '"max_depth"', "specification"
    ),
    "eta left out": Change("contract", '        "eta": 0.2,\n', "", "TRN207", '"eta"', "specification"),
    "objective left out": Change(
        "contract", '        "objective": "binary:logistic",\n', "", "TRN207", '"objective"', "specification"
    ),
    "num_round left out": Change(
        "contract", '        "num_round": 200,\n', "", "TRN209", '"hyperparameters"', beside=("TRN158",)
    ),
    "max_depth misspelt": Change(
        "contract", '"max_depth"', '"max_dept"', "TRN207", '"max_depth"', "specification"
    ),
    "eta misspelt": Change(
        "contract", '"eta"', '"etta"', "TRN207", '"eta"', "specification", beside=("TRN159",)
    ),
    "objective misspelt": Change(
        "contract", '"objective"', '"objectve"', "TRN207", '"objective"', "specification"
    ),
    "num_round misspelt": Change(
        "contract", '"num_round"', '"num_ruond"', "TRN209", '"hyperparameters"', beside=("TRN158",)
    ),
    "another max_depth": Change(
        "contract", '"max_depth": 5', '"max_depth": 8', "TRN208", '"max_depth"', "specification"
    ),
    "another eta": Change("contract", '"eta": 0.2', '"eta": 0.02', "TRN208", '"eta"', "specification"),
    "another objective": Change(
        "contract", "binary:logistic", "reg:squarederror", "TRN208", '"objective"', "specification"
    ),
    "max_depth as a string": Change(
        "contract", '"max_depth": 5', '"max_depth": "five"', "TRN208", '"max_depth"', "specification"
    ),
    "a hyperparameter that the script never reads": Change(
        "contract",
        '        "eta": 0.2,\n',
        '        "eta": 0.2,\n        "gamma": 0.1,\n',
        "TRN159",
        '"gamma"',
    ),
    "no FRAMEWORK": Change(
        "contract", '        "FRAMEWORK": "xgboost",\n', "", "TRN213", '"environment_variables"'
    ),
    "no MODEL_TYPE": Change(
        "contract", '        "MODEL_TYPE": "classification",\n', "", "TRN213", '"environment_variables"'
    ),
    "FRAMEWORK misspelt": Change(
        "contract", '"FRAMEWORK"', '"FRAMEWROK"', "TRN213", '"environment_variables"'
    ),
    "another framework": Change("contract", '"xgboost"', '"pytorch"', "TRN125", beside=("TRN209", "TRN420")),
    "the framework misspelt": Change("contract", '"xgboost"', '"xgbost"', "TRN125"),
    "the section of inputs misspelt": Change("contract", '"inputs"', '"input"', "TRN002", beside=("TRN202",)),
    "the section of outputs misspelt": Change(
        "contract", '"outputs"', '"output"', "TRN002", beside=("TRN205",)
    ),
    "the section of hyperparameters misspelt": Change(
        "contract", '"hyperparameters"', '"hyperparameter"', "TRN002", beside=("TRN207",)
    ),
    "the section of variables misspelt": Change(
        "contract", '"environment_variables"', '"environment_variable"', "TRN002", beside=("TRN213",)
    ),
    "no section of inputs": Change("contract", _INPUTS, "", "TRN202", "LOAN_TRAINING_CONTRACT"),
    "no section of outputs": Change("contract", _OUTPUTS, "", "TRN205", "LOAN_TRAINING_CONTRACT"),
    "no section of hyperparameters": Change(
        "contract", _HYPERPARAMETERS, "", "TRN207", "LOAN_TRAINING_CONTRACT"
    ),
    "no section of variables": Change("contract", _VARIABLES, "", "TRN213", "LOAN_TRAINING_CONTRACT"),
    "an empty section of inputs": Change(
        "contract", _INPUTS, '    "inputs": {},\n', "TRN203", '"inputs"', "specification", beside=("TRN150",)
    ),
    "an empty section of outputs": Change(
        "contract",
        _OUTPUTS,
        '    "outputs": {},\n',
        "TRN206",
        '"outputs"',
        "specification",
        beside=("TRN153",),
    ),
    "an empty section of hyperparameters": Change(
        "contract",
        _HYPERPARAMETERS,
        '    "hyperparameters": {},\n',
        "TRN209",
        '"hyperparameters": {}',
        beside=("TRN158", "TRN207"),
    ),
    "an empty section of variables": Change(
        "contract", _VARIABLES, '    "environment_variables": {},\n', "TRN213", '"environment_variables": {}'
    ),
}

_ESTIMATOR = """    "estimator_config": {
        "instance_type": "ml.m5.2xlarge",
        "instance_count": 1,
        "volume_size_in_gb": 50,
        "max_run": 7200,
    },
"""
_OF_ESTIMATOR = '"estimator_config"'

SPECIFICATION: Final[Mapping[str, Change]] = {
    "no instance type": Change(
        "specification", '        "instance_type": "ml.m5.2xlarge",\n', "", "TRN210", _OF_ESTIMATOR
    ),
    "no instance count": Change(
        "specification", '        "instance_count": 1,\n', "", "TRN210", _OF_ESTIMATOR
    ),
    "no volume size": Change(
        "specification", '        "volume_size_in_gb": 50,\n', "", "TRN210", _OF_ESTIMATOR
    ),
    "no run time": Change("specification", '        "max_run": 7200,\n', "", "TRN210", _OF_ESTIMATOR),
    "no estimator": Change("specification", _ESTIMATOR, "", "TRN210", "LOAN_TRAINING_SPEC"),
    "a key of the estimator misspelt": Change(
        "specification", '"volume_size_in_gb"', '"volume_in_gb"', "TRN210", _OF_ESTIMATOR
    ),
    "the instance type misspelt": Change("specification", "ml.m5.2xlarge", "ml.m5.2xlagre", "TRN211"),
    "the instance type without its prefix": Change("specification", "ml.m5.2xlarge", "m5.2xlarge", "TRN211"),
    "no instances": Change("specification", '"instance_count": 1', '"instance_count": 0', "TRN211"),
    "an instance count in words": Change(
        "specification", '"instance_count": 1', '"instance_count": "one"', "TRN211"
    ),
    "no volume": Change("specification", '"volume_size_in_gb": 50', '"volume_size_in_gb": 0', "TRN211"),
    "a volume too large": Change(
        "specification", '"volume_size_in_gb": 50', '"volume_size_in_gb": 99999', "TRN211"
    ),
    "no time": Change("specification", '"max_run": 7200', '"max_run": 0', "TRN211"),
    "a time too long": Change("specification", '"max_run": 7200', '"max_run": 3024000', "TRN211"),
    "no code location": Change(
        "specification", '    "code_location": "s3://loans/code/",\n', "", "TRN212", "LOAN_TRAINING_SPEC"
    ),
    "an empty code location": Change("specification", '"s3://loans/code/"', '""', "TRN212"),
    "None as the code location": Change("specification", '"s3://loans/code/"', "None", "TRN212"),
    "the code location misspelt": Change("specification", "s3://loans/code/", "s3:/loans/code/", "TRN212"),
    "the step name misspelt": Change(
        "specification", '"loan-training"', '"loan-trainng"', "TRN418", '"loan-training"', "builder"
    ),
    "another input type": Change("specification", '["TrainingInput"]', '["ProcessingInput"]', "TRN203"),
    "the input type misspelt": Change("specification", '["TrainingInput"]', '["TrainingInputs"]', "TRN203"),
    "an input type too many": Change(
        "specification", '["TrainingInput"]', '["TrainingInput", "ProcessingInput"]', "TRN203"
    ),
    "an empty list of inputs": Change(
        "specification", '["TrainingInput"]', "[]", "TRN201", '"training_data"', "contract"
    ),
    "no list of inputs": Change(
        "specification", '    "inputs": ["TrainingInput"],\n', "", "TRN201", "LOAN_TRAINING_SPEC"
    ),
    "another output type": Change("specification", '["model_artifacts"]', '["processing_output"]', "TRN206"),
    "the output type misspelt": Change(
        "specification", '["model_artifacts"]', '["model_artefacts"]', "TRN206"
    ),
    "an output type too many": Change(
        "specification", '["model_artifacts"]', '["model_artifacts", "report"]', "TRN205"
    ),
    "an empty list of outputs": Change(
        "specification", '["model_artifacts"]', "[]", "TRN204", '"model_artifacts": {', "contract"
    ),
    "no list of outputs": Change(
        "specification", '    "outputs": ["model_artifacts"],\n', "", "TRN204", "LOAN_TRAINING_SPEC"
    ),
    "another max_depth in the specification": Change(
        "specification", '"max_depth": 5', '"max_depth": 9', "TRN208"
    ),
    "another eta in the specification": Change("specification", '"eta": 0.2', '"eta": 0.5', "TRN208"),
    "another objective in the specification": Change(
        "specification", "binary:logistic", "binary:hinge", "TRN208"
    ),
    "max_depth misspelt in the specification": Change("specification", '"max_depth"', '"max_deph"', "TRN207"),
    "eta misspelt in the specification": Change("specification", '"eta"', '"ehta"', "TRN207"),
    "objective misspelt in the specification": Change("specification", '"objective"', '"objectiv"', "TRN207"),
    "a hyperparameter that the contract lacks": Change(
        "specification",
        '        "eta": 0.2,\n',
        '        "eta": 0.2,\n        "gamma": 0.1,\n',
        "TRN207",
        '"gamma"',
    ),
    "a hyperparameter of the contract only": Change(
        "specification", '        "eta": 0.2,\n', "", silent=NO_MISTAKE
    ),
    "the section of the estimator misspelt": Change(
        "specification", '"estimator_config"', '"estimator_confg"', "TRN002", beside=("TRN210",)
    ),
    "the section of hyperparameters misspelt in the specification": Change(
        "specification", '"hyperparameters"', '"hyper_parameters"', "TRN002"
    ),
    "the code location under a misspelt key": Change(
        "specification", '"code_location"', '"code_locaton"', "TRN002", beside=("TRN212",)
    ),
    "the instance type of the estimator differs": Change(
        "specification", "ml.m5.2xlarge", "ml.m5.4xlarge", "TRN211", '"ml.m5.2xlarge"', "builder"
    ),
    "the instance count of the estimator differs": Change(
        "specification",
        '"instance_count": 1',
        '"instance_count": 2',
        "TRN211",
        "instance_count = 1",
        "builder",
    ),
}

_DATA_SOURCE = (
    '"data_source": "upstream_step.properties.ProcessingOutputConfig'
    ".Outputs['joined_training_data'].S3Output.S3Uri\""
)

FLOW: Final[Mapping[str, Change]] = {
    "an upstream step misspelt": Change("flow", '["loan-cleaning"', '["loan-cleanning"', "TRN301"),
    "an unknown upstream step": Change("flow", '"loan-joining"]', '"loan-labels"]', "TRN301"),
    "the producer left out": Change(
        "flow",
        '["loan-cleaning", "loan-joining"]',
        '["loan-cleaning"]',
        "TRN302",
        '"input_artifacts"',
        beside=("TRN307",),
    ),
    "no upstream steps": Change(
        "flow", '["loan-cleaning", "loan-joining"]', "[]", "TRN302", '"input_artifacts"'
    ),
    "no key of upstream steps": Change(
        "flow",
        '    "upstream_steps": ["loan-cleaning", "loan-joining"],\n',
        "",
        silent="the data source names the step",
    ),
    "the key of upstream steps misspelt": Change("flow", '"upstream_steps"', '"upstream_step"', "TRN002"),
    "an input artifact misspelt": Change(
        "flow", '["joined_training_data"', '["joined_trainig_data"', "TRN302"
    ),
    "another input artifact misspelt": Change(
        "flow", '"joined_validation_data"]', '"joined_valdation_data"]', "TRN302"
    ),
    "an unknown input artifact": Change("flow", '"joined_validation_data"]', '"weather_table"]', "TRN302"),
    "no permission to read": Change("flow", '"s3:GetObject", ', "", "TRN310", '"required_permissions"'),
    "no permission to write": Change("flow", ', "s3:PutObject"', "", "TRN310", '"required_permissions"'),
    "a permission misspelt": Change("flow", '"s3:PutObject"', '"s3:PutObjects"', "TRN310"),
    "no permissions": Change(
        "flow", '["s3:GetObject", "s3:PutObject"]', "[]", "TRN310", '"required_permissions"'
    ),
    "no key of permissions": Change(
        "flow",
        '    "required_permissions": ["s3:GetObject", "s3:PutObject"],\n',
        "",
        silent=NO_MISTAKE,
    ),
    "a downstream step misspelt": Change("flow", '["loan-scoring"', '["loan-scorring"', "TRN305"),
    "an unknown downstream step": Change("flow", '"loan-registration"]', '"loan-archive"]', "TRN305"),
    "a downstream step that comes before": Change(
        "flow",
        '"loan-registration"]',
        '"loan-joining"]',
        "TRN311",
        '"downstream_consumers"',
    ),
    "a property misspelt": Change("flow", "ProcessingOutputConfig", "ProcessingOutputConfg", "TRN306"),
    "another property misspelt": Change("flow", "S3Output.S3Uri", "S3Output.S3Url", "TRN306"),
    "an output of the data source misspelt": Change(
        "flow", "['joined_training_data']", "['joined_trainng_data']", "TRN307"
    ),
    "an unknown step of the data source": Change("flow", '"upstream_step.', '"labelling.', "TRN301"),
    "no data source": Change(
        "flow",
        f"    {_DATA_SOURCE},\n",
        "",
        "TRN303",
        "training_pipeline_flow",
    ),
    "an empty data source": Change(
        "flow",
        "\"upstream_step.properties.ProcessingOutputConfig.Outputs['joined_training_data'].S3Output.S3Uri\"",
        '""',
        "TRN303",
        '"data_source"',
    ),
    "the model destination misspelt": Change(
        "flow", '"model_destination": "s3://', '"model_destination": "s3:/', "TRN308"
    ),
    "the model destination is a local path": Change(
        "flow", '"model_destination": "s3://loans/', '"model_destination": "/loans/', "TRN308"
    ),
    "the model destination without a scheme": Change(
        "flow", '"model_destination": "s3://loans/', '"model_destination": "loans/', "TRN308"
    ),
    "no model destination": Change(
        "flow", '    "model_destination": "s3://loans/models/",\n', "", "TRN308", "training_pipeline_flow"
    ),
    "an empty model destination": Change(
        "flow", '"model_destination": "s3://loans/models/"', '"model_destination": ""', "TRN308"
    ),
    "another model destination": Change(
        "flow", '"model_destination": "s3://loans/', '"model_destination": "s3://archive/', "TRN308"
    ),
    "a consumer of the evaluation misspelt": Change(
        "flow", '["loan-scoring-step"', '["loan-scorng-step"', "TRN305"
    ),
    "an unknown consumer of the evaluation": Change(
        "flow", '"loan-registration-step"]', '"fraud-listing-step"]', "TRN305"
    ),
    "an unknown source of hyperparameters": Change(
        "flow", '"depth-tuning-step"', '"width-search-step"', "TRN309"
    ),
    "the source of hyperparameters misspelt": Change(
        "flow", '"depth-tuning-step"', '"dept-tuning-step"', "TRN309"
    ),
    "a missing file of hyperparameters": Change(
        "flow", '"depth-tuning-step"', '"loan_hyperparameters.json"', "TRN309"
    ),
    "the source of the artifact misspelt": Change(
        "flow", '"source": "/opt/ml/model"', '"source": "/opt/ml/models"', "TRN304"
    ),
    "another source of the artifact": Change(
        "flow", '"source": "/opt/ml/model"', '"source": "/opt/ml/output/data"', "TRN304"
    ),
    "the destination of the artifact misspelt": Change(
        "flow", '"destination": "s3://loans/models/"', '"destination": "s3//loans/models/"', "TRN308"
    ),
    "another destination of the artifact": Change(
        "flow", '"destination": "s3://loans/models/"', '"destination": "s3://other/models/"', "TRN308"
    ),
    "no destination of the artifact": Change(
        "flow", '    "destination": "s3://loans/models/",\n', "", "TRN308", "model_artifact_flow"
    ),
    "a consumer of the artifact misspelt": Change(
        "flow", '"loan-serving-step"', '"loan-servng-step"', "TRN305"
    ),
    "an unknown consumer of the artifact": Change(
        "flow", '"loan-forecast-step"', '"fraud-scan-step"', "TRN305"
    ),
    "the format of another framework": Change("flow", '"framework_specific"', '"pytorch"', "TRN304"),
    "a form of file of another framework": Change("flow", '"framework_specific"', '"h5"', "TRN304"),
}

_METHOD_PREPARE = """        path = "/tmp/hyperparameters.json"
        with open(path, "w") as stream:
            json.dump(self.hyperparameters, stream)
        return path
"""

BUILDER: Final[Mapping[str, Change]] = {
    "no _create_estimator": Change(
        "builder",
        "def _create_estimator(",
        "def make(",
        "TRN401",
        "class LoanTrainingStepBuilder",
        beside=("TRN401",),
    ),
    "_create_estimator misspelt": Change(
        "builder",
        "def _create_estimator(",
        "def _create_estimater(",
        "TRN401",
        "class LoanTrainingStepBuilder",
    ),
    "no _prepare_hyperparameters_file": Change(
        "builder",
        "    def _prepare_hyperparameters_file(self):\n" + _METHOD_PREPARE + "\n",
        "",
        "TRN401",
        "class LoanTrainingStepBuilder",
    ),
    "_prepare_hyperparameters_file misspelt": Change(
        "builder",
        "def _prepare_hyperparameters_file(",
        "def _prepare_hyperparameter_file(",
        "TRN401",
        "class LoanTrainingStepBuilder",
    ),
    "_prepare_training_inputs misspelt": Change(
        "builder",
        "def _prepare_training_inputs(",
        "def _prepare_training_input(",
        "TRN401",
        "class LoanTrainingStepBuilder",
    ),
    "create_step misspelt": Change(
        "builder", "def create_step(", "def create_stp(", "TRN401", "class LoanTrainingStepBuilder"
    ),
    "create_step left out": Change(
        "builder", "def create_step(", "def launch(", "TRN401", "class LoanTrainingStepBuilder"
    ),
    "create_step without return": Change(
        "builder", "        return TrainingStep(", "        TrainingStep(", "TRN401", "def create_step("
    ),
    "_create_estimator without return": Change(
        "builder", "        return XGBoost(", "        XGBoost(", "TRN402", "return TrainingStep("
    ),
    "_prepare_training_inputs without return": Change(
        "builder",
        '        return {\n            "training": TrainingInput(',
        '        inputs = {\n            "training": TrainingInput(',
        "TRN408",
        "inputs=self._prepare_training_inputs()",
    ),
    "no entry point": Change(
        "builder", "            entry_point=self.entry_point,\n", "", "TRN402", "XGBoost("
    ),
    "no framework version": Change(
        "builder", '            framework_version="1.7-1",\n', "", "TRN402", "return XGBoost("
    ),
    "no instance type of the estimator": Change(
        "builder", "            instance_type=self.instance_type,\n", "", "TRN402", "return XGBoost("
    ),
    "no instance count of the estimator": Change(
        "builder", "            instance_count=self.instance_count,\n", "", "TRN402", "return XGBoost("
    ),
    "no role": Change("builder", "            role=self.role,\n", "", "TRN416", "return XGBoost("),
    "no hyperparameters": Change(
        "builder", "            hyperparameters=self.hyperparameters,\n", "", "TRN426", "return XGBoost("
    ),
    "the argument of the entry point misspelt": Change(
        "builder", "entry_point=self", "entrypoint=self", "TRN403"
    ),
    "the argument of the version misspelt": Change(
        "builder", "framework_version=", "framework_versoin=", "TRN403"
    ),
    "the argument of the instance type misspelt": Change(
        "builder", "instance_type=self", "instance_typ=self", "TRN403"
    ),
    "the argument of the instance count misspelt": Change(
        "builder", "instance_count=self", "instances_count=self", "TRN403"
    ),
    "the argument of the role misspelt": Change(
        "builder", "role=self.role", "rol=self.role", "TRN403", beside=("TRN416",)
    ),
    "the argument of the hyperparameters misspelt": Change(
        "builder", "hyperparameters=self", "hyperparameter=self", "TRN403"
    ),
    "a version that no image has": Change("builder", '"1.7-1"', '"1.6-1"', "TRN405"),
    "the instance type of the builder misspelt": Change(
        "builder", "ml.m5.2xlarge", "ml.m5.2xlagre", "TRN211"
    ),
    "no instances in the builder": Change("builder", "instance_count = 1", "instance_count = 0", "TRN211"),
    "an instance count in words in the builder": Change(
        "builder", "instance_count = 1", 'instance_count = "one"', "TRN211"
    ),
    "the account of the role too short": Change(
        "builder", "iam::123456789012:", "iam::12345678901:", "TRN416"
    ),
    "a user as the role": Change("builder", ":role/LoanTraining", ":user/LoanTraining", "TRN416"),
    "a policy as the role": Change("builder", ":role/LoanTraining", ":policy/LoanTraining", "TRN416"),
    "an empty role": Change("builder", '"arn:aws:iam::123456789012:role/LoanTraining"', '""', "TRN416"),
    "None as the role": Change(
        "builder", '"arn:aws:iam::123456789012:role/LoanTraining"', "None", silent=NO_MISTAKE
    ),
    "data of the builder without a scheme": Change(
        "builder", '"s3://loans/training/"', '"loans/training/"', "TRN412"
    ),
    "empty data of the builder": Change(
        "builder",
        '"s3://loans/training/"',
        '""',
        silent="an empty attribute may be filled in before the step",
    ),
    "an input without data": Change(
        "builder",
        "                s3_data=self.training_data_uri,\n",
        "",
        "TRN412",
        '"training": TrainingInput(',
    ),
    "a content type misspelt": Change("builder", '"text/csv"', '"text-csv"', "TRN412"),
    "an unknown input mode": Change(
        "builder",
        'content_type="text/csv",\n',
        'content_type="text/csv",\n                input_mode="Pipes",\n',
        "TRN412",
        "input_mode",
    ),
    "an unknown distribution": Change(
        "builder",
        'content_type="text/csv",\n',
        'content_type="text/csv",\n                distribution="Sharded",\n',
        "TRN412",
        "distribution",
    ),
    "an argument of an input misspelt": Change(
        "builder", "s3_data=self.training", "s3data=self.training", "TRN412"
    ),
    "a list of inputs": Change(
        "builder",
        """        return {
            "training": TrainingInput(
                s3_data=self.training_data_uri,
                content_type="text/csv",
            ),
            "validation": TrainingInput(
                s3_data=self.validation_data_uri,
                content_type="text/csv",
            ),
        }
""",
        """        return [
            TrainingInput(
                s3_data=self.training_data_uri,
                content_type="text/csv",
            ),
            TrainingInput(
                s3_data=self.validation_data_uri,
                content_type="text/csv",
            ),
        ]
""",
        "TRN412",
        "inputs=self._prepare_training_inputs()",
    ),
    "a channel of the builder misspelt": Change(
        "builder",
        '"validation": TrainingInput',
        '"valdiation": TrainingInput',
        "TRN408",
        "inputs=self._prepare_training_inputs()",
    ),
    "a channel of the builder left out": Change(
        "builder",
        """            "validation": TrainingInput(
                s3_data=self.validation_data_uri,
                content_type="text/csv",
            ),
""",
        "",
        "TRN408",
        "inputs=self._prepare_training_inputs()",
    ),
    "a channel too many": Change(
        "builder",
        '            "validation": TrainingInput(',
        '            "test": TrainingInput(s3_data="s3://loans/test/"),\n            "validation": TrainingInput(',
        "TRN409",
        '"test"',
    ),
    "a step without inputs": Change(
        "builder", "            inputs=self._prepare_training_inputs(),\n", "", "TRN408", "TrainingStep("
    ),
    "a list as hyperparameters": Change(
        "builder",
        "hyperparameters=self.hyperparameters",
        'hyperparameters=["max_depth", "eta"]',
        "TRN404",
    ),
    "a string as hyperparameters": Change(
        "builder", "hyperparameters=self.hyperparameters", 'hyperparameters="max_depth=5"', "TRN404"
    ),
    "a set as a hyperparameter": Change("builder", '"max_depth": 5', '"max_depth": {5}', "TRN404"),
    "an object as a hyperparameter": Change("builder", '"max_depth": 5', '"max_depth": object()', "TRN404"),
    "bytes as a hyperparameter": Change("builder", '"binary:logistic"', 'b"binary:logistic"', "TRN404"),
    "a function as a hyperparameter": Change("builder", '"binary:logistic"', "lambda score: score", "TRN404"),
    "a hyperparameter too long": Change(
        "builder", '"binary:logistic"', '"' + "x" * 2600 + '"', "TRN404", beside=("TRN208",)
    ),
    "a hyperparameter of the builder misspelt": Change("builder", '"max_depth"', '"max_dept"', "TRN410"),
    "a hyperparameter of the builder left out": Change(
        "builder", '            "num_round": 200,\n', "", "TRN426", "hyperparameters=self"
    ),
    "another value of max_depth": Change("builder", '"max_depth": 5', '"max_depth": 9', "TRN208"),
    "another value of eta": Change("builder", '"eta": 0.2', '"eta": 0.9', "TRN208"),
    "a hyperparameter that nothing declares in the builder": Change(
        "builder",
        '            "eta": 0.2,\n',
        '            "eta": 0.2,\n            "gamma": 0.1,\n',
        "TRN410",
        '"gamma"',
    ),
    "another instance type in the builder": Change("builder", "ml.m5.2xlarge", "ml.m5.4xlarge", "TRN211"),
    "another instance count in the builder": Change(
        "builder", "instance_count = 1", "instance_count = 2", "TRN211", beside=("TRN424",)
    ),
    "another run time in the builder": Change("builder", "max_run=7200", "max_run=60", "TRN211"),
    "another volume in the builder": Change(
        "builder", "max_run=7200", "max_run=7200,\n            volume_size=10", "TRN211", "volume_size"
    ),
    "another output path in the builder": Change(
        "builder", '"s3://loans/models/"', '"s3://archive/models/"', "TRN308"
    ),
    "other data in the builder": Change(
        "builder", '"s3://loans/training/"', '"s3://claims/training/"', "TRN412"
    ),
    "a missing entry point": Change(
        "builder", '"loan_training.py"', '"loans.py"', "TRN406", "entry_point=self"
    ),
    "the entry point misspelt": Change(
        "builder", '"loan_training.py"', '"loan_trainig.py"', "TRN406", "entry_point=self"
    ),
    "an entry point in a folder that is nowhere": Change(
        "builder", '"loan_training.py"', '"jobs/loan_training.py"', "TRN406", "entry_point=self"
    ),
    "a hyperparameter attribute that nothing sets": Change(
        "builder", "hyperparameters=self.hyperparameters", "hyperparameters=self.hyperparams", "TRN417"
    ),
    "a role attribute that nothing sets": Change("builder", "role=self.role", "role=self.rolle", "TRN417"),
    "a name attribute that nothing sets": Change(
        "builder", "name=self.step_name", "name=self.stepname", "TRN417"
    ),
    "a method that the class lacks": Change(
        "builder", "estimator=self._create_estimator()", "estimator=self._make_estimator()", "TRN401"
    ),
    "the step name with a blank": Change("builder", '"loan-training"', '"loan training"', "TRN404"),
    "the step name too long": Change(
        "builder", '"loan-training"', '"' + "loan-training" * 25 + '"', "TRN404"
    ),
    "another step name": Change("builder", '"loan-training"', '"fraud-training"', "TRN418"),
    "a step without a name": Change(
        "builder", "            name=self.step_name,\n", "", "TRN402", "TrainingStep("
    ),
    "a step without an estimator": Change(
        "builder", "            estimator=self._create_estimator(),\n", "", "TRN402", "TrainingStep("
    ),
    "the argument of the estimator misspelt": Change("builder", "estimator=self", "estimater=self", "TRN403"),
    "an estimator of another framework": Change(
        "builder",
        "from sagemaker.xgboost import XGBoost",
        "from sagemaker.sklearn import SKLearn as XGBoost",
        "TRN420",
        "return XGBoost(",
        beside=("TRN405",),
    ),
    "an argument of the step misspelt": Change(
        "builder", "inputs=self", "input=self", "TRN403", beside=("TRN408",)
    ),
}

REQUIREMENTS: Final[Mapping[str, Change]] = {
    "a required method misspelt": Change(
        "requirements",
        '"_create_estimator"',
        '"_create_estimater"',
        "TRN401",
        "class LoanTrainingStepBuilder",
        "builder",
    ),
    "a required method that the builder lacks": Change(
        "requirements",
        '    "create_step",\n',
        '    "create_step",\n    "_get_image",\n',
        "TRN401",
        "class LoanTrainingStepBuilder",
        "builder",
    ),
    "a required instance type misspelt": Change("requirements", "ml.m5.2xlarge", "ml.m5.2xlagre", "TRN211"),
    "no required instances": Change("requirements", '"instance_count": 1', '"instance_count": 0', "TRN211"),
    "a required role of a user": Change("requirements", ":role/", ":user/", "TRN416"),
    "required data from a local path": Change(
        "requirements", '"s3://loans/training/"', '"/loans/training/"', "TRN412"
    ),
    "required data misspelt": Change(
        "requirements", '"s3://loans/validation/"', '"s3:/loans/validation/"', "TRN412"
    ),
    "a required entry point that is nowhere": Change(
        "requirements", '"loan_training.py"', '"loans.py"', "TRN406"
    ),
    "a required entry point misspelt": Change(
        "requirements", '"loan_training.py"', '"loan_trainng.py"', "TRN406"
    ),
    "a required hyperparameter misspelt": Change("requirements", '"max_depth": 5', '"max_dept": 5', "TRN410"),
    "a required hyperparameter of another value": Change(
        "requirements", '"max_depth": 5', '"max_depth": 9', "TRN208"
    ),
    "a required parameter that the builder lacks": Change(
        "requirements",
        '"training_data_uri"',
        '"train_data_uri"',
        "TRN402",
        "class LoanTrainingStepBuilder",
        "builder",
    ),
    "another required instance type": Change("requirements", "ml.m5.2xlarge", "ml.m5.4xlarge", "TRN211"),
}

AROUND: Final[Mapping[str, Change]] = {
    "the output of the producer renamed": Change(
        "joining",
        '"joined_training_data"',
        '"joined_train_data"',
        "TRN302",
        '"input_artifacts"',
        "flow",
        beside=("TRN307",),
    ),
    "the other output of the producer renamed": Change(
        "joining", '"joined_validation_data"', '"joined_held_out"', "TRN302", '"input_artifacts"', "flow"
    ),
    "the producer renamed": Change(
        "joining",
        '"loan-joining"',
        '"loan-merging"',
        "TRN301",
        '"upstream_steps"',
        "flow",
    ),
    "the consumer takes no model": Change(
        "scoring",
        '"model": "model_artifacts"',
        '"table": "processing_output"',
        "TRN305",
        '"evaluation_consumers"',
        "flow",
    ),
    "the consumer renamed": Change(
        "serving", '"loan-serving"', '"loan-hosting"', "TRN305", '"consumers"', "flow"
    ),
    "the tuning step renamed": Change(
        "tuning", '"depth-tuning"', '"width-tuning"', "TRN309", '"hyperparameter_source"', "flow"
    ),
}

CHANGES: Final[Mapping[str, Change]] = {
    **SCRIPT,
    **CONTRACT,
    **SPECIFICATION,
    **FLOW,
    **BUILDER,
    **REQUIREMENTS,
    **AROUND,
}

HARMLESS: Final[Mapping[str, Mapping[str, tuple[tuple[str, str], ...]]]] = {
    "no port has a type": {
        "contract": (
            ('            "type": "TrainingInput",\n', ""),
            ('            "type": "TrainingInput",\n', ""),
            ('            "type": "model_artifacts",\n', ""),
        ),
        "specification": (('["TrainingInput"]', '["training_data", "validation_data"]'),),
    },
    "no input has a source": {
        "contract": (
            ('            "source": "s3://loans/training/",\n', ""),
            ('            "source": "s3://loans/validation/",\n', ""),
        ),
    },
    "the source of an input is a step's output": {
        "contract": (("s3://loans/training/", "loan-joining"),),
    },
    "the destination of the model is below the declared one": {
        "builder": (('"s3://loans/models/"', '"s3://loans/models/weekly"'),),
    },
    "the destination of the model is filled in": {
        "flow": (('"model_destination": "s3://loans/', '"model_destination": "s3://{bucket}/'),),
    },
    "the data of a channel is below the declared folder": {
        "builder": (('"s3://loans/training/"', '"s3://loans/training/2026"'),),
    },
    "the data of a channel is a parameter": {
        "builder": (
            ("def __init__(self):", "def __init__(self, training_data_uri):"),
            ('self.training_data_uri = "s3://loans/training/"', "self.training_data_uri = training_data_uri"),
        ),
    },
    "a setting is a parameter": {
        "builder": (
            ("def __init__(self):", "def __init__(self, instance_type):"),
            ('self.instance_type = "ml.m5.2xlarge"', "self.instance_type = instance_type"),
        ),
    },
    "a setting is filled in": {
        "specification": (('"instance_count": 1', '"instance_count": "{instance_count}"'),),
    },
    "a hyperparameter is the same number": {
        "builder": (('"max_depth": 5', '"max_depth": 5.0'),),
        "requirements": (('"eta": 0.2', '"eta": "0.20"'),),
    },
    "a hyperparameter is a parameter": {
        "builder": (
            ("def __init__(self):", "def __init__(self, eta):"),
            ('"eta": 0.2', '"eta": eta'),
        ),
    },
    "the step name differs in its form": {
        "builder": (('"loan-training"', '"LoanTraining"'),),
    },
    "the step name has the ending of a step": {
        "builder": (('"loan-training"', '"loan-training-step"'),),
    },
    "the step name is composed": {
        "builder": (
            ('self.step_name = "loan-training"', 'self.step_name = f"{self.__class__.__name__}-step"'),
        ),
    },
    "an attribute is set from an unpacked value": {
        "builder": (
            (
                "        self.instance_count = 1\n",
                '        self.instance_count, self.region = 1, "eu-west-1"\n',
            ),
            ('path = "/tmp/hyperparameters.json"', 'path = f"/tmp/{self.region}.json"'),
        ),
    },
    "an attribute is read after a check": {
        "builder": (
            (
                'path = "/tmp/hyperparameters.json"',
                "path = f\"/tmp/{self.region if hasattr(self, 'region') else 0}.json\"",
            ),
        ),
    },
    "create_step keeps its step": {
        "builder": (("return TrainingStep(", "self.step = TrainingStep("),),
    },
    "a role is filled in": {
        "requirements": (("arn:aws:iam::123456789012:role", "arn:aws:iam::{account}:role"),),
    },
}
"""Changes that leave the project aligned: the other half of the conditions under which a value is compared."""
