"""The numbers of variants: each rule over jobs has failing and right ones in its tests."""

from __future__ import annotations

import importlib

import pytest

FEWEST = 6
VARIANTS = {
    "TRN120": (
        "rules.test_trn120",
        "test_a_name_that_no_option_defines",
        "test_names_that_are_defined_or_may_be",
    ),
    "TRN126": ("rules.test_trn126", "test_wrong", "test_right"),
    "TRN127": ("launchers.test_trn127", "test_wrong", "test_right"),
    "TRN128": (
        "rules.test_trn128",
        "test_a_failure_that_ends_as_success",
        "test_failures_that_are_told_or_may_be",
    ),
    "TRN126 of a job": ("launchers.test_passed_addresses", "test_wrong", "test_right"),
    "TRN307": ("rules.test_trn307", "test_wrong", "test_right"),
    "TRN313": ("rules.test_trn313", "test_wrong", "test_right"),
    "TRN314": ("rules.test_trn314", "test_wrong", "test_right"),
    "TRN426": (
        "launchers.test_missing_hyperparameters",
        "test_a_hyperparameter_that_the_job_does_not_set",
        "test_hyperparameters_that_are_set_or_may_be",
    ),
    "TRN427": (
        "launchers.test_installed_packages",
        "test_a_package_that_the_job_does_not_have",
        "test_packages_that_the_job_has_or_may_have",
    ),
    "TRN428": (
        "launchers.test_missing_variables",
        "test_a_variable_that_the_job_does_not_set",
        "test_variables_that_are_set_or_may_be",
    ),
    "TRN429": ("launchers.test_trn429", "test_wrong", "test_right"),
    "TRN429 of an unused folder": (
        "launchers.test_trn429",
        "test_a_folder_that_the_script_never_uses",
        "test_a_folder_that_the_script_uses_or_may",
    ),
    "TRN429 of checkpoints that nothing loads": (
        "launchers.test_trn429",
        "test_checkpoints_that_nothing_loads",
        "test_checkpoints_that_are_loaded_or_may_be",
    ),
    "TRN430": ("launchers.test_started_programs", "test_wrong", "test_right"),
    "TRN430 of required options": (
        "launchers.test_started_programs",
        "test_a_required_option_that_the_command_lacks",
        "test_required_options_that_the_command_has_or_may_have",
    ),
    "TRN431": (
        "launchers.test_missing_files",
        "test_a_file_that_the_job_does_not_have",
        "test_files_that_the_job_has_or_may_have",
    ),
    "TRN432": (
        "launchers.test_installed_packages",
        "test_a_line_that_pip_rejects",
        "test_lines_that_pip_accepts",
    ),
    "TRN433": (
        "launchers.test_missing_files",
        "test_a_shell_script_that_drops_the_hyperparameters",
        "test_shell_scripts_that_pass_them_on_or_may",
    ),
    "TRN434": ("rules.test_trn434", "test_wrong", "test_right"),
    "TRN434 of SDK v3": ("rules.test_trn434", "test_wrong_with_v3", "test_right_with_v3"),
    "TRN435": ("rules.test_trn435", "test_wrong", "test_right"),
    "TRN436": ("rules.test_trn436", "test_wrong", "test_right"),
    "TRN437": ("rules.test_trn437", "test_wrong", "test_right"),
    "TRN438": ("launchers.test_trn438", "test_wrong", "test_right"),
    "TRN439": ("launchers.test_trn439", "test_wrong", "test_right"),
    "TRN440": ("rules.test_trn440", "test_wrong", "test_right"),
    "TRN451": ("launchers.test_processing", "test_missing_code", "test_code_is_there"),
    "TRN452": ("launchers.test_processing", "test_refused", "test_accepted"),
    "TRN453": ("launchers.test_processing", "test_unmounted", "test_mounted"),
    "TRN454": ("launchers.test_processing", "test_unwritten", "test_written"),
}
"""For a code, or a part of it, the module of its tests, and the tests of which each parameter is a variant."""


@pytest.mark.parametrize("code", VARIANTS)
def test_a_rule_has_enough_variants(code: str) -> None:
    module, *names = VARIANTS[code]
    tests = importlib.import_module(f"tests.{module}")
    counts = {name: len(list(getattr(tests, name).pytestmark[0].args[1])) for name in names}
    assert min(counts.values()) >= FEWEST, counts
