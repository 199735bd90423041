"""A template gives, byte for byte, what the general way gives, or leaves the document to it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from credentials import canonical, errors, jsonld, lint, second_path, strict_json
from credentials.jsonld import shapes, template
from credentials.jsonld.plan import Plan, split
from credentials.jsonld.shapes import Shapes
from credentials.jsonld.template import Reading, Template
from tests.credentials.generated import CONTROLS, NAMES, credential
from tests.worlds.completions import NOW
from tests.worlds.issuers import Issuer
from tests.worlds.memory_web import MemoryWeb

pytestmark = pytest.mark.usefixtures("nothing_learnt")

V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
#: What ends lines, opens terms or holes, or is written otherwise in canonical N-Quads than in JSON.
NASTY = [
    *NAMES, *CONTROLS, "100 %", "%b %s %%", 'ends in \\', '\\"', "\\\\", '"', "\u007f", "\ufffe\uffff", "\ufffd", "￠",
    "line\u2028sep", "\x00", "\x01\x02", "urn:plaudit", "_:c14n0", "<a> <b> <c> .", "a" * 3_000,
]  # fmt: skip
IDS = [
    "https://x.example/é?q=1#f", "urn:uuid:1", "did:web:x.example", "a:b", "mailto:a@b.example", "HTTPS://X",
    "x+y.z-1:", "xsd:string", "https://x.example/%20%b", "tag:x,2026:y",
]  # fmt: skip
BAD_IDS = [
    "",
    "relative",
    "_:b0",
    "_:b 0",
    "#f",
    "//host",
    "https://x.example/a b",
    "http://<>",
    "a b:c",
    "1:2",
    "x\ny:z",
    'u:"',
]


@pytest.fixture
def issuer() -> Issuer:
    return Issuer(MemoryWeb())


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths of all strings and numbers that are neither contexts nor types."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in items:
        if step in ("@context", "type"):
            continue
        if isinstance(item, (str, int)) and not isinstance(item, bool):
            yield (*path, step)
        else:
            yield from leaves(item, (*path, step))


def put(document: dict[str, Any], path: tuple[Any, ...], value: Any) -> None:
    holder: Any = document
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value


def get(document: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


def made(
    document: dict[str, Any], hash: str = "sha256", opened: float = 1, random: Random | None = None
) -> Template | None:
    """The template of a document with all its holes open, or about this part of them."""
    canonical_form = jsonld.canonical_nquads(document, hash=hash).encode()
    plan = Plan.of(document, strict_json.dumps(document), canonical_form)
    if plan is None:
        return None
    chosen = [number for number in range(len(plan.holes)) if random is None or random.random() < opened]
    return template.make(plan, chosen, hash)


def known(document: dict[str, Any], hash: str = "sha256") -> Template:
    found = made(document, hash)
    assert found is not None
    return found


def read(found: Template, document: dict[str, Any]) -> Reading | None:
    return found.read(document, strict_json.dumps(document))


def varied(document: dict[str, Any], random: Random, chance: float, ids: list[str]) -> dict[str, Any]:
    """A copy with other values in some places: ids for what looks like one, anything for the rest."""
    other = copy.deepcopy(document)
    for path in leaves(other):
        if random.random() > chance:
            continue
        old = get(other, path)
        if isinstance(old, int):
            put(other, path, random.choice([0, 1, 7, 40, 10**14, 2**53, -1]))
        elif ":" in old and " " not in old and path[-1] in ("id", "targetUrl", "url", "statusListCredential"):
            put(other, path, random.choice([*ids, f"https://x.example/{random.getrandbits(60):x}"]))
        else:
            put(other, path, random.choice(NASTY))
    return other


def outcome(found: Template, document: dict[str, Any]) -> tuple[bytes | None, bytes | None]:
    """The template's bytes and the general way's (None where each declines); canonical JSON is compared as well."""
    reading = read(found, document)
    assert reading is None or reading.jcs() == canonical.jcs(document)
    try:
        general = jsonld.canonical_nquads(document, hash="sha256").encode()
    except errors.PlauditError:
        general = None
    return reading.nquads() if reading else None, general


@pytest.mark.parametrize("seed", range(8))
def test_records_by_template_are_the_general_ways_bytes(issuer: Issuer, seed: int) -> None:
    """Hundreds of records of one shape, with names of every script and text that N-Quads writes otherwise."""
    random, document = Random(seed), issuer.unsigned(index=seed)
    found, filled_in = known(document), 0
    for _ in range(60):
        other = varied(document, random, random.choice([0.05, 0.3, 0.9]), IDS)
        ours, general = outcome(found, other)
        if ours is not None:
            filled_in += 1
            assert ours == general, other
    assert filled_in > 15


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 120))
def test_thousands_of_random_documents_by_template(issuer: Issuer, seed: int) -> None:
    """Random credentials of many shapes, each varied; what the general way refuses no template accepts."""
    random = Random(seed)
    for _ in range(10):
        document = random.choice([issuer.unsigned(index=seed), credential(random, controls=True)])
        found = made(document, opened=random.choice([0.2, 0.7, 1]), random=random)
        for _ in range(25 if found else 0):
            assert found is not None
            ours, general = outcome(found, varied(document, random, random.random(), [*IDS, *BAD_IDS]))
            assert ours is None or ours == general


@pytest.mark.parametrize("seed", range(12))
def test_other_shapes_have_templates_too(seed: int) -> None:
    """Generated credentials with languages, numbers, lists of one or many: the same bytes, also PyLD's."""
    random = Random(seed)
    document = credential(random)
    found = made(document)
    for _ in range(20 if found else 0):
        assert found is not None
        other = varied(document, random, 0.3, [*IDS, *BAD_IDS])
        ours, general = outcome(found, other)
        assert ours is None or ours == general
    if found:
        assert outcome(found, document)[0] == second_path.canonical_nquads(document).encode()


def test_an_id_that_is_no_plain_iri_is_left_to_the_general_way(issuer: Issuer) -> None:
    document = issuer.unsigned()
    found = known(document)
    for bad in BAD_IDS:
        for path in (("id",), ("issuer", "id"), ("evidence", 0, "id")):
            other = copy.deepcopy(document)
            put(other, path, bad)
            assert read(found, other) is None, bad


def test_ids_that_meet_are_left_to_the_general_way(issuer: Issuer) -> None:
    """Two nodes that become one have their statements together: not what the template has."""
    document = issuer.unsigned()
    document["evidence"].append({**document["evidence"][0], "id": "https://x.example/other"})
    found = known(document)
    document["evidence"][-1]["id"] = document["evidence"][0]["id"]
    assert read(found, document) is None


def test_equal_ids_stay_equal(issuer: Issuer) -> None:
    """A reference and the node that it refers to: a document where they differ has another shape."""
    document = issuer.unsigned()
    document["relatedResource"] = [{"id": document["evidence"][0]["id"], "digestSRI": "sha256-x"}]
    found = known(document)
    other = copy.deepcopy(document)
    other["evidence"][0]["id"] = other["relatedResource"][0]["id"] = "https://x.example/both"
    assert outcome(found, other)[0] == outcome(found, other)[1] is not None
    other["evidence"][0]["id"] = "https://x.example/one"
    assert read(found, other) is None


def test_blank_nodes_that_look_alike_are_left_to_the_general_way() -> None:
    document = _small(evidence=[{"type": ["Evidence"], "name": "one"}, {"type": ["Evidence"], "name": "two"}])
    found = known(document)
    document["evidence"][1]["name"] = "one"
    assert outcome(found, document)[0] is None


def test_equal_values_of_one_member_are_one_statement() -> None:
    document = _small(achievement={"id": "urn:a", "type": ["Achievement"], "tag": ["x", "y", "z"]})
    found = known(document)
    assert outcome(found, document)[0] is not None
    document["credentialSubject"]["achievement"]["tag"] = ["b", "a", "b"]
    assert outcome(found, document)[0] is None
    document["credentialSubject"]["achievement"]["tag"] = ["c", "a", "b"]
    assert outcome(found, document)[0] == outcome(found, document)[1]


def test_numbers_are_holes_where_their_digits_are_the_literal() -> None:
    """Also next to brackets; not doubles, negatives, or what an integer of JSON is not."""
    document = _small(result=[{"type": ["Result"], "value": 5}], creditsAvailable=3)
    document["credentialSubject"].pop("creditsAvailable")
    found = known(document)
    for value in (0, 10**14, 2**53 - 1, -1, 1.5, 5.0, 1e20, True, "5"):
        document["credentialSubject"]["result"][0]["value"] = value
        ours, general = outcome(found, document)
        assert ours in (None, general)
        assert (ours is not None) == (value in (0, 10**14) and value is not True), value


def test_what_has_no_template() -> None:
    """Constructs of the slow way, text that holds our marks, values that only look alike."""
    assert made(_small(**{"https://e.example/p": {"@list": ["a"]}})) is None
    assert made(_small(role="urn:plaudit-slot:1:")) is None
    assert made(_small(role="723000000000001")) is None
    twins = _small(evidence=[{"type": ["Evidence"]}, {"type": ["Evidence"]}])
    assert made(twins) is None


def test_values_that_shape_are_not_holes() -> None:
    """Languages, a JSON literal's inside, a purpose that the vocabulary maps, a compact IRI, a blank node's label."""
    proof = {
        "@context": [V2], "type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "created": "2026",
        "proofPurpose": "assertionMethod", "verificationMethod": "did:web:x#k",
    }  # fmt: skip
    found = known(proof)
    for name, value, fits in (
        ("proofPurpose", "authentication", False), ("verificationMethod", "did:web:y#k", True),
        ("created", "2027", True),
    ):  # fmt: skip
        changed = {**proof, name: value}
        ours, general = outcome(found, changed)
        assert ours == (general if fits else None)
    render = {"type": "JsonSchema", "jsonSchema": {"a": "b"}}
    spoken: dict[str, Any] = _small(name={"@value": "x", "@language": "en"}, render=render)
    found = known(spoken)
    other = copy.deepcopy(spoken)
    other["credentialSubject"]["name"]["@language"] = "de"
    assert read(found, other) is None
    named = _small(evidence=[{"id": "_:x", "type": ["Evidence"], "name": "n"}])
    assert read(known(named), named) is not None


@pytest.mark.parametrize("hash", ["sha256", "sha384"])
def test_what_varies_is_learnt(hash: str, issuer: Issuer) -> None:
    """The second document shows where it differs; one that differs elsewhere widens the template."""
    remembered = Shapes(hash)
    for index in range(5):
        document = issuer.unsigned(index=index + 100)
        if index == 3:
            document["credentialSubject"]["role"] = "Other"
        expected = jsonld.canonical_nquads(document, hash=hash).encode()
        found = remembered.find(document, strict_json.dumps(document))
        assert (found is not None) == (index in (2, 4))
        assert remembered.canonical(document) == expected
    [[learnt]] = remembered._templates.values()
    assert learnt.widenings == 1
    assert learnt.members == {"credentialSubject", "credentialStatus"}


@pytest.mark.parametrize("seed", range(6))
def test_in_whatever_order_records_arrive_the_bytes_are_the_general_ways(issuer: Issuer, seed: int) -> None:
    """Records of three projects and one odd one in between; each varies now here, now there."""
    _arrivals(issuer, Random(seed), 40)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(300, 320))
def test_thousands_of_records_in_any_order(issuer: Issuer, seed: int) -> None:
    _arrivals(issuer, Random(seed), 250)


def _arrivals(issuer: Issuer, random: Random, count: int) -> None:
    remembered, quick = Shapes(), 0
    projects = [issuer.unsigned(), _renamed(issuer.unsigned()), credential(random, controls=True)]
    for _ in range(count):
        document = varied(random.choice(projects), random, random.choice([0.02, 0.02, 0.2]), IDS)
        found = remembered.find(document, strict_json.dumps(document))
        quick += found is not None
        try:
            expected = jsonld.canonical_nquads(document).encode()
        except errors.PlauditError:
            assert found is None
            continue
        assert remembered.canonical(document) == expected
        assert found is None or found.jcs() == canonical.jcs(document)
    assert quick > count / 8


def _renamed(document: dict[str, Any]) -> dict[str, Any]:
    """Another project of the same employer: the same shape, and every text of its achievement another one."""
    for path in leaves(document):
        if "achievement" in path and path[-1] in ("name", "description", "narrative", "targetName", "humanCode"):
            put(document, path, f"Another {get(document, path)}")
        elif path[-1] in ("targetUrl", "genre"):
            put(document, path, f"{get(document, path)}-{path[-2]}")
    return document


def test_another_project_has_a_template_of_its_own(issuer: Issuer) -> None:
    remembered = Shapes()
    first, second = issuer.unsigned(), _renamed(issuer.unsigned())
    for document in (first, second):
        for name in ("a", "b", "c"):
            document["credentialSubject"]["role"] = name
            remembered.canonical(document)
    [alike] = remembered._templates.values()
    assert [found.members for found in alike] == [{"credentialSubject"}] * 2
    for document in (first, second, first):
        assert remembered.find(document, strict_json.dumps(document)) is not None
        assert alike[0] is not None
    assert len(remembered._templates[(*first,)]) == 2


def test_what_varies_everywhere_is_opened_everywhere(monkeypatch: pytest.MonkeyPatch, issuer: Issuer) -> None:
    """Widening ends: after a few times every hole is open, and after that nothing is tried again."""
    monkeypatch.setattr(shapes, "_MAX_WIDENINGS", 3)
    remembered, document = Shapes(), issuer.unsigned()
    for path in list(leaves(document))[:12]:
        if path[-1] == "id":
            continue
        put(document, path, f"changed {path}")
        remembered.canonical(document)
    [[learnt]] = remembered._templates.values()
    assert list(learnt.numbers) == list(range(len(learnt.plan.holes)))
    document["evidence"] = [*document["evidence"][:-1], {**document["evidence"][-1], "id": document["id"]}]
    text = strict_json.dumps(document)
    assert remembered.find(document, text) is None
    assert remembered.learn(document, text, jsonld.canonical_nquads(document).encode()) is None


def test_one_document_again_and_again_is_its_own_template(issuer: Issuer) -> None:
    remembered, document = Shapes(), issuer.unsigned()
    expected = jsonld.canonical_nquads(document).encode()
    assert [remembered.canonical(document) for _ in range(4)] == [expected] * 4
    [[learnt]] = remembered._templates.values()
    assert learnt.members == set()


def test_memory_and_work_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "MAX_TEMPLATES", 3)
    monkeypatch.setattr(shapes, "MAX_ALIKE", 2)
    monkeypatch.setattr(shapes, "_MAX_MET", 5)
    remembered = Shapes()
    for count in range(10):
        extra = dict.fromkeys(("name", "description")[: count % 3], "x")
        document = {**_small(evidence=[{"type": ["Evidence"], "name": str(n)} for n in range(count + 1)]), **extra}
        for name in ("a", "b"):
            document["credentialSubject"]["role"] = name
            remembered.canonical(document)
            remembered._credit = shapes._MAX_CREDIT
    assert sum(map(len, remembered._templates.values())) <= 3
    assert max(map(len, remembered._templates.values())) <= 2
    for count in range(20):
        remembered.canonical(_small(evidence=[{"type": ["Evidence"], "genre": str(n)} for n in range(count + 1)]))
    assert len(remembered._met) == 5


def test_templates_cost_and_are_granted_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever makes up shapes gets a few templates and then one for so many documents."""
    monkeypatch.setattr(shapes, "_COST", 10)
    remembered = Shapes()
    remembered._credit = 0
    for name in "abcdefghijkl":
        remembered.canonical(_small(role=name))
        found = remembered._templates
        assert bool(found) == (name in "jkl"), name
    for name in "mnopqrs":
        document = _small(role="x")
        document["issuer"]["name"] = name
        remembered.canonical(document)
    [[learnt]] = remembered._templates.values()
    assert learnt.members == {"credentialSubject"}


def test_what_is_too_large_is_not_remembered() -> None:
    remembered = Shapes()
    for name in "abc":
        remembered.canonical(_small(role=name, name="x" * shapes._MAX_TEXT))
    assert not remembered._met
    assert not remembered._templates


def test_texts_that_only_seem_of_one_shape(issuer: Issuer) -> None:
    """As many members, texts, objects and lists, in other places: no template, and nothing wrong."""
    remembered = Shapes()
    one = _small(evidence=[{"type": ["Evidence"], "name": "a"}])
    two = _small(evidence=[{"type": ["Evidence"], "genre": "a"}])
    for document in (one, two, one, two, two):
        assert remembered.canonical(document) == jsonld.canonical_nquads(document).encode()
    assert remembered.find(two, strict_json.dumps(two)) is not None
    assert remembered.find(one, strict_json.dumps(one)) is None
    remembered.canonical(one)


def test_a_shape_without_a_template_is_canonicalised_all_the_same() -> None:
    """And not tried again: two nodes that look alike, a construct of the slow way."""
    for document in (
        _small(evidence=[{"type": ["Evidence"]}, {"type": ["Evidence"]}]),
        _small(**{"https://e.example/p": {"@list": ["a"]}}),
    ):
        remembered = Shapes()
        for _ in range(8):
            assert remembered.canonical(document) == jsonld.canonical_nquads(document).encode()
        assert remembered.find(document, strict_json.dumps(document)) is None
        assert list(remembered._met.values()) == [(strict_json.dumps(document), shapes._MAX_FAILURES)]


def _full(document: dict[str, Any]) -> bytes | list[str]:
    try:
        token = lint._lint_whole(document, lint._written(document), NOW, NOW)
    except errors.LintFailed as error:
        return [finding.code for finding in error.findings]
    assert token.covered is not None
    return token.covered.document_hash


def _quick(document: dict[str, Any]) -> bytes | None:
    data = lint._written(document)
    token = lint._lint_known(document, data, NOW) if data else None
    return None if token is None or token.covered is None else token.covered.document_hash


def _lint_agrees(issuer: Issuer, random: Random, count: int) -> tuple[int, int, int]:
    """Good and broken records of one shape: the quick lint passes nothing that the whole one refuses.

    Values change in holes and elsewhere, so that templates are widened on the way; also single bytes change.
    """
    document = issuer.unsigned()
    good = broken = quickly = 0
    for index in range(3):
        lint.lint(issuer.unsigned(index=index), now=NOW, key_created=NOW)
    values = [
        *NASTY[:40], *IDS, *BAD_IDS, "2026-02-31T00:00:00Z", "2020-01-01T00:00:00Z", "emailAddress", "other", "5", 0,
        60, -1, 2**53, 2.5, True, None, ["x"], {"a": "b"}, {"id": "urn:x"}, 10**20,
    ]  # fmt: skip
    for _ in range(count):
        other = copy.deepcopy(document)
        for path in random.sample(list(leaves(other)), random.randint(1, 3)):
            put(
                other, path, _one_byte_off(get(other, path), random) if random.random() < 0.4 else random.choice(values)
            )
        quick, full = _quick(other), _full(other)
        assert quick is None or quick == full, other
        good, broken = good + (full is not None and not isinstance(full, list)), broken + isinstance(full, list)
        quickly += quick is not None
        if not isinstance(full, list):
            document = other if random.random() < 0.3 else document
    return good, broken, quickly


def _one_byte_off(value: Any, random: Random) -> Any:
    if not isinstance(value, str) or not value:
        return value
    place = random.randrange(len(value))
    return value[:place] + random.choice('azAZ09:/#-._ "\\') + value[place + 1 :]


def test_the_quick_lint_passes_nothing_that_the_whole_one_refuses(issuer: Issuer) -> None:
    found = _lint_agrees(issuer, Random(1), 200)
    assert min(found) > 20, found


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200, 210))
def test_both_lints_agree_on_thousands_of_records(issuer: Issuer, seed: int) -> None:
    _lint_agrees(issuer, Random(seed), 500)


def test_the_quick_lint_declines_what_it_cannot_know(issuer: Issuer) -> None:
    document = issuer.unsigned()
    for _ in range(3):
        lint.lint(document, now=NOW)
    assert _quick(document) is not None
    assert _quick({**document, "name": "\ud800"}) is None
    assert lint._written({**document, "name": "\ud800"}) == b""
    assert _quick({**document, "name": "x" * strict_json.MAX_BYTES}) is None
    assert _quick({**document, "proof": []}) is None


def test_alike_nodes_of_a_known_shape_are_told_apart_by_the_general_way(issuer: Issuer) -> None:
    """A document of a known shape in which two blank nodes come to look alike is hashed all the same, and rightly."""
    document = issuer.unsigned()
    evidence = {**document["evidence"][0], "name": "one"}
    del evidence["id"]
    document["evidence"] = [evidence, {**evidence}]
    for number in range(3):
        document["evidence"][1]["name"] = f"two {number}"
        lint.lint(document, now=NOW)
    document["evidence"][1]["name"] = "one"
    assert lint._lint_known(document, lint._written(document), NOW) is not None
    assert _quick(document) == _full(document)
    repeated = shapes.Shapes()
    for name in ("two", "three", "four", "one"):
        document["evidence"][1]["name"] = name
        assert repeated.canonical(document) == jsonld.canonical_nquads(document).encode()


def test_text_is_split_at_its_own_quotation_marks_and_numbers() -> None:
    """Escaped quotation marks and backslashes, in any order, end no string; what looks like a number in one is none."""
    texts = ['a"b', "a\\", '\\"', '"\\', "\\\\", '\\\\"', "", '":"', "[{", "12", "-1.5e3"]
    document = {**{text: text for text in texts}, "n": [0, -1, 1.5, 1e30, True, None, 10**15]}
    pieces = split(strict_json.dumps(document))
    assert pieces[1::2] == [*(strict_json.dumps(text) for text in texts for _ in "kv"), b'"n"', b"0", b"-1", b"1.5",
                            b"1e+30", b"1000000000000000"]  # fmt: skip
    assert b"".join(pieces) == strict_json.dumps(document)


def _small(**subject: Any) -> dict[str, Any]:
    """A small credential; `evidence` and `render` are the credential's, all else the subject's."""
    top = {name: subject.pop(name) for name in ("evidence",) if name in subject}
    if "render" in subject:
        top["renderMethod"] = subject.pop("render")
    subject = {name: value for name, value in subject.items() if value != []}
    return {
        "@context": [V2, OPEN_BADGES],
        "id": "https://issuer.example/c/1",
        "type": ["VerifiableCredential", "AchievementCredential"],
        "issuer": {"id": "did:web:issuer.example", "type": ["Profile"], "name": "Issuer"},
        **top,
        "credentialSubject": {"id": "did:example:student", "type": ["AchievementSubject"], **subject},
    }


def test_a_text_in_other_pieces_differs_in_no_hole(issuer: Issuer) -> None:
    document = issuer.unsigned()
    data = strict_json.dumps(document)
    plan = Plan.of(document, data, jsonld.canonical_nquads(document).encode())
    assert plan is not None
    assert plan.differing([]) is None
    assert plan.differing(split(data)) == []


def test_what_cannot_be_made_a_template_is_left_to_the_general_path(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def __init__(self, *_: Any) -> None:
            raise errors.JsonLdLimit("too large")

    document = issuer.unsigned()
    plan = Plan.of(document, strict_json.dumps(document), jsonld.canonical_nquads(document).encode())
    assert plan is not None
    monkeypatch.setattr(template, "Template", Broken)
    assert template.make(plan, [], "sha256") is None
