"""The benchmarks' own parts: a load reaches the real server, is checked, and is reckoned right."""

from pathlib import Path

import pytest

from benchmarks.load.latency import Delays
from benchmarks.report.charts import draw
from benchmarks.report.kept import Result, Spread, keep, kept
from benchmarks.report.requirements import REQUIREMENTS, Requirement
from benchmarks.report.table import figures_table, report, requirements_table
from benchmarks.rounds import Run, rounds
from benchmarks.servers.nobody import Nobody
from benchmarks.servers.rapporteur import Rapporteur
from benchmarks.servers.texts import drafted_text, small_rows, state_of
from benchmarks.workloads.base import TINY, Workload
from benchmarks.workloads.fan_out import FanOut
from benchmarks.workloads.joining import Joining
from benchmarks.workloads.pairs import Pairs

OURS = ("rapporteur",)


def play(workload: Workload) -> Run:
    """Play a workload once, for less than a second, on our server."""
    told: list[str] = []
    (run,) = rounds(workload, [Rapporteur], 1, TINY, told.append)
    assert len(told) == 1
    return run


def test_a_hall_is_played_and_every_letter_arrives() -> None:
    run = play(FanOut("hall", "a small hall", 2, 8, 20, OURS, agreed=2))

    assert run.fault == ""
    assert run.figures["kept_up"]
    assert run.figures["us_per_delivery"] > 0
    assert run.figures["p50_ms"] <= run.figures["p99_ms"]


def test_pairs_are_played_in_their_sections() -> None:
    run = play(Pairs("pairs", "three sections", 3, 10, OURS))

    assert run.fault == ""
    assert run.figures["ack_p50_ms"] > 0


def test_a_log_is_opened_by_several_at_once() -> None:
    run = play(Joining("join", "a short log", 3, lambda: small_rows(2_000), OURS))

    assert run.fault == ""
    assert run.figures["first_synced_ms"] <= run.figures["all_synced_ms"]


def test_a_server_that_is_not_there_is_a_fault_and_no_figure() -> None:
    workload = FanOut("hall", "a closed hall", 1, 2, 20, OURS)
    (run,) = rounds(workload, [Nobody], 1, TINY, lambda line: None)

    assert "ConnectionRefusedError" in run.fault
    assert run.figures == {}


@pytest.fixture
def results() -> dict[str, Result]:
    result = Result("plenary", "A hall", "2026-11-24 10:00:00", {"cores": "2"}, 5.0)
    for repeat, (ours, theirs) in enumerate([(1.0, 5.0), (2.0, 9.0), (1.0, 4.0)]):
        for server, figure in (("rapporteur", ours), ("hocuspocus", theirs)):
            figures = {"us_per_delivery": figure, "p99_ms": 9.0}
            result.runs.append(Run("plenary", server, repeat, figures))
    return {"plenary": result}


def test_ratios_are_paired_by_repeat(results: dict[str, Result]) -> None:
    ratio = results["plenary"].ratio("us_per_delivery", "hocuspocus", "rapporteur")

    assert ratio == Spread(4.5, 4.0, 5.0, 3)


def test_a_requirement_says_how_far_it_is_met(results: dict[str, Result]) -> None:
    def against(required: float, aim: float) -> str:
        one = Requirement("", "plenary", "us_per_delivery", required, aim, "hocuspocus")
        return one.verdict(results)

    assert [against(5, 6), against(4, 6), against(4, 4.5)] == ["NO", "yes", "yes, and the aim"]


def test_whoever_did_not_do_the_work_meets_nothing(results: dict[str, Result]) -> None:
    results["plenary"].runs.append(Run("plenary", "rapporteur", 3, {}, "it fell over"))

    verdicts = {one.verdict(results) for one in REQUIREMENTS if one.workload == "plenary"}

    assert verdicts == {"NO: it did not keep up"}
    assert "1 failed" in figures_table(results["plenary"])


def test_results_are_kept_tabled_and_drawn(results: dict[str, Result], tmp_path: Path) -> None:
    keep(results["plenary"], tmp_path)
    again = kept(tmp_path)

    assert again == results
    assert "4.50 [4.00–5.00]" in requirements_table(again)
    assert "A hall" in report(again.values())
    (chart,) = draw(again, tmp_path)
    assert "hocuspocus" in chart.read_text()


def test_percentiles_count_from_the_least() -> None:
    delays = Delays([number / 1000 for number in range(100, 0, -1)])

    assert (delays.percentile_ms(50), delays.percentile_ms(99)) == (51.0, 100.0)
    assert Delays().percentile_ms(50) is None


def test_texts_are_as_long_as_they_say() -> None:
    assert 22_000 <= len(drafted_text()) < 24_000
    assert len(small_rows(2_000)) == 2_000
    assert len(state_of(small_rows(2_000))) > 2_000
