"""Files of every kind keep the rules of the house, and each rule fires when it should."""

import pytest

from tests.architecture import registries, sizes, words
from tests.architecture.sources import Rule, Sample, Source, every_source, faults

GENERATED = ("frontend/src/api/generated.ts",)
# Rules that quote what they forbid.
QUOTING = ("tests/architecture",)

SAMPLES = [
    Sample(
        registries.lock_files_name_no_place,
        "requirements.lock",
        "--index-url somewhere\nredis==8.1.0",
        "redis==8.1.0 \\\n    --hash=sha256:00",
    ),
    Sample(
        registries.lock_files_name_no_place,
        "frontend/package-lock.json",
        '"resolved": "https://example.org/a.tgz",',
        '"url": "https://example.org/sponsors"\n"integrity": "sha512-00"',
    ),
    Sample(
        registries.installs_name_no_registry,
        "Dockerfile",
        "RUN npm ci --registry somewhere",
        "RUN npm ci",
    ),
    Sample(
        registries.nothing_points_at_one_machine,
        "docs/a.md",
        "Look at /" + "work/main/app.",
        "Look at app/work/ours and https://example.org/work/a.",
    ),
]
IN_PAGES = [
    Sample(sizes.file_is_short, "frontend/src/a.ts", "\n" * 401, "\n" * 400),
    Sample(words.nothing_is_left_over, "frontend/src/a.ts", "// FIXME later", "const a = 'FIXME';"),
    Sample(words.names_are_spoken, "frontend/src/live/utils.ts", "", "const flag = 1;"),
]


def _checked() -> list[Source]:
    return [source for source in every_source() if not source.is_under(*QUOTING)]


def _pages() -> list[Source]:
    endings = (".ts", ".tsx", ".css", ".mjs")
    pages = [source for source in every_source() if source.is_under("frontend/src", "tests/peers")]
    return [
        source
        for source in pages
        if source.path.endswith(endings) and not source.is_under(*GENERATED)
    ]


@pytest.mark.parametrize("rule", dict.fromkeys(s.rule for s in SAMPLES), ids=lambda r: r.__name__)
def test_the_repository_keeps(rule: Rule) -> None:
    found = faults(rule, _checked())

    assert not found, "\n".join(found)


@pytest.mark.parametrize("rule", dict.fromkeys(s.rule for s in IN_PAGES), ids=lambda r: r.__name__)
def test_the_pages_keep(rule: Rule) -> None:
    found = faults(rule, _pages())

    assert not found, "\n".join(found)


def test_every_server_package_is_pinned_alike_for_tests() -> None:
    texts = {source.path: source.text for source in every_source()}
    served, tested = (
        {line.rstrip(" \\") for line in texts[name].splitlines() if line[:1].isalnum()}
        for name in ("requirements.lock", "requirements-dev.lock")
    )

    assert served - tested == set()


@pytest.mark.parametrize(
    "sample", [*SAMPLES, *IN_PAGES], ids=lambda sample: f"{sample.rule.__name__}-{sample.path}"
)
def test_each_rule_fires_on_what_it_forbids_only(sample: Sample) -> None:
    near = "frontend/src/near.ts" if sample.rule is words.names_are_spoken else sample.path

    assert faults(sample.rule, [Source(sample.path, sample.bad)]) != []
    assert faults(sample.rule, [Source(near, sample.good)]) == []
