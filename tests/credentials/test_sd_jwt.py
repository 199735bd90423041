"""SD-JWT by RFC 9901: what is hidden comes back where it was signed, and anything else is refused by name."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials import errors, multibase, strict_json
from credentials.jose import jws
from credentials.sd_jwt import PLAIN, SD_JWT_VC, SD_JWT_VC_OLD, conceal, issue, marks, parse, paths, present, verify
from credentials.sd_jwt import serialization as limits
from tests.credentials.sd_jwt_tokens import HOLDER, ISSUER, NOW, SECONDS, Salts, encoded, hashed, sd_jwt
from tests.worlds.ec_keys import EcKey

CLAIMS = {
    "vct": "https://issuer.example/completion",
    "iss": "https://issuer.example",
    "name": "Nguyễn Ánh",
    "a/b~c": 1,
    "address": {"street": "Main St", "city": {"name": "X", "zip": "1"}},
    "skills": ["law", {"level": 3}, ["x", "y"]],
}
PLACES = [
    "/name",
    "/a~1b~0c",
    "/address",
    "/address/city",
    "/address/city/zip",
    "/skills/0",
    "/skills/1",
    "/skills/1/level",
    "/skills/2/1",
]


def issued(places: Any = tuple(PLACES), claims: Any = None, **more: Any) -> str:
    return issue(
        claims or CLAIMS,
        disclosable=places,
        signer=more.pop("signer", ISSUER),
        salts=more.pop("salts", Salts()),
        profile=more.pop("profile", SD_JWT_VC),
        **more,
    )


def refused(text: str | bytes, error: type[errors.PlauditError]) -> errors.PlauditError:
    with pytest.raises(error) as raised:
        parse(text)
    assert type(raised.value) is error
    return raised.value


# --- round trips ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hash_name", ["sha-256", "sha-384", "sha-512"])
def test_all_disclosures_give_the_claims_back(hash_name: str) -> None:
    verified = verify(issued(hash_name=hash_name), ISSUER.public, now=NOW)
    assert verified.claims == CLAIMS
    assert sorted(verified.disclosed) == sorted(PLACES)
    assert verified.key_binding is None
    assert verified.status is None


def test_no_disclosure_shows_only_what_is_open() -> None:
    text = present(issued(), [])
    assert text.count("~") == 1
    assert verify(text, ISSUER.public, now=NOW).claims == {
        "vct": CLAIMS["vct"],
        "iss": CLAIMS["iss"],
        "skills": [["x"]],
    }


def test_a_nested_place_brings_those_around_it_and_no_others() -> None:
    verified = verify(present(issued(), ["/address/city/zip", "/iss"]), ISSUER.public, now=NOW)
    assert verified.disclosed == ("/address", "/address/city", "/address/city/zip")
    assert verified.claims["address"] == CLAIMS["address"]
    assert "name" not in verified.claims


def test_positions_count_what_is_there() -> None:
    verified = verify(present(issued(), ["/skills/1/level"]), ISSUER.public, now=NOW)
    assert verified.claims["skills"] == [{"level": 3}, ["x"]]
    assert verified.disclosed == ("/skills/0", "/skills/0/level")


def test_a_claim_path_names_every_element() -> None:
    text = issued([["skills", None], ["skills", 0], ["skills", 1, "level"], "/skills/2/0"])
    assert sorted(verify(text, ISSUER.public, now=NOW).disclosed) == [
        "/skills/0",
        "/skills/1",
        "/skills/1/level",
        "/skills/2",
        "/skills/2/0",
    ]
    shown = verify(present(text, [["skills", None]]), ISSUER.public, now=NOW)
    assert shown.claims["skills"] == ["law", {}, ["y"]]


def test_nothing_hidden_needs_no_digest_and_no_hash_name() -> None:
    parsed = parse(issued([]))
    assert parsed.payload == CLAIMS
    assert parse(issued([], hash_name="sha-512")).payload == {**CLAIMS, "_sd_alg": "sha-512"}


def test_the_order_of_claims_is_hidden() -> None:
    digests = parse(issued()).payload["_sd"]
    assert digests == sorted(digests)


def test_decoys_look_like_digests_and_change_nothing() -> None:
    asked: list[str] = []

    def decoys(pointer: str) -> int:
        asked.append(pointer)
        return 2 if pointer in ("", "/skills", "/address/city") else 0

    text = issued(decoys=decoys)
    parsed = parse(text)
    assert set(asked) == {"", "/address", "/address/city", "/skills", "/skills/1", "/skills/2"}
    assert len(parsed.payload["_sd"]) == 5
    assert sum(item.keys() == {"..."} for item in parsed.payload["skills"] if isinstance(item, dict)) == 4
    assert verify(text, ISSUER.public, now=NOW).claims == CLAIMS
    assert "_sd" in parse(issued([], decoys=decoys)).payload


def test_the_header_is_the_issuers_but_typ_is_the_profiles() -> None:
    header = parse(issued(header={"kid": "key-1", "typ": "other"})).header
    assert header == {"kid": "key-1", "typ": "dc+sd-jwt", "alg": "EdDSA"}
    assert parse(issued(header={"kid": "key-1"})).kid == "key-1"
    assert "typ" not in parse(issued(profile=PLAIN)).header
    assert parse(issued(holder=HOLDER.public)).payload["cnf"] == {"jwk": HOLDER.public.to_jwk()}


TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e9, 1e9) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(max_size=5).filter(lambda name: name not in ("_sd", "_sd_alg", "...")), inner, max_size=4
        )
    ),
    max_leaves=20,
)


def _every_place(value: Any, place: paths.Path = ()) -> list[paths.Path]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for step, item in steps for found in ((*place, step), *_every_place(item, (*place, step)))]


@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from("abcdefg"), TREES, max_size=4), st.data())
def test_any_choice_of_hidden_places_comes_back(claims: dict[str, Any], data: st.DataObject) -> None:
    """Hidden in any nesting, shown in full it is the document; and each place alone can be shown."""
    every = _every_place(claims)
    hidden = data.draw(st.lists(st.sampled_from(every), unique=True)) if every else []
    text = issued([paths.pointer_of(place) for place in hidden], claims or {"x": 1}, profile=PLAIN)
    verified = verify(text, ISSUER.public, now=NOW, profile=PLAIN)
    assert verified.claims == (claims or {"x": 1})
    assert sorted(verified.disclosed) == sorted(paths.pointer_of(place) for place in hidden)
    if hidden:
        shown = paths.pointer_of(data.draw(st.sampled_from(hidden)))
        again = verify(present(text, [shown]), ISSUER.public, now=NOW, profile=PLAIN)
        assert len(again.disclosed) == sum(
            shown == one or shown.startswith(f"{one}/") for one in map(paths.pointer_of, hidden)
        )


@settings(max_examples=300)
@given(st.data())
def test_one_changed_character_anywhere_is_refused(data: st.DataObject) -> None:
    text = issued()
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("Aa0_-~.z=").filter(lambda character: character != text[place]))
    with pytest.raises(errors.PlauditError):
        verify(text[:place] + other + text[place + 1 :], ISSUER.public, now=NOW)


# --- what an issuer refuses to make -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place",
    [
        "",
        "name",
        "/~2",
        "/nobody",
        "/skills/9",
        "/skills/00",
        "/skills/-1",
        "/name/x",
        ("skills", "x"),
        (),
        ("name", None),
    ],
)
def test_a_place_that_is_not_there_cannot_be_hidden(place: Any) -> None:
    with pytest.raises(errors.DisclosurePathUnknown):
        issued([place])
    with pytest.raises(errors.DisclosurePathUnknown):
        present(issued(), [place])


@pytest.mark.case("SDJ-03")
@pytest.mark.parametrize("claims", [{"_sd": 1}, {"a": {"...": 1}}, {"a": [[{"_sd_alg": "sha-256"}]]}])
def test_reserved_names_are_not_issued(claims: Any) -> None:
    with pytest.raises(errors.ReservedClaimName):
        issued([], {"vct": "x", **claims})


def test_a_salt_that_is_not_fresh_ends_issuing() -> None:
    for bad in (lambda size: b"\0" * size, lambda size: b"\1" * (size - 1), lambda size: bytes(range(size + 1))):
        with pytest.raises(errors.SaltUnusable):
            issued(salts=bad)


def test_more_levels_than_a_reader_takes_are_not_issued() -> None:
    deep: Any = 1
    for _ in range(strict_json.MAX_DEPTH - 1):
        deep = [deep]
    assert verify(issued([], {"vct": "x", "deep": deep}), ISSUER.public, now=NOW).claims["deep"] == deep
    with pytest.raises(errors.JsonDepth):
        issued([], {"vct": "x", "deep": [deep]})


def test_what_json_cannot_hold_is_not_issued() -> None:
    for value in (float("nan"), {1, 2}):
        with pytest.raises(errors.NotCanonicalizable):
            issued(["/bad"], {"vct": "x", "bad": value})


@pytest.mark.case("SDJ-05")
@pytest.mark.parametrize("name", ["md5", "sha-1", "none", 5, "SHA-256", "sha256", "sha-256 ", "sha3-256", None, []])
def test_only_the_exact_names_of_three_hashes_count(name: Any) -> None:
    refused(sd_jwt({"_sd_alg": name}), errors.HashAlgorithmNotSupported)
    with pytest.raises(errors.HashAlgorithmNotSupported):
        issued(hash_name=name)


def test_selectors_for_one_place_are_one() -> None:
    tree = marks.of(["/skills/0", ["skills", 0], ["skills", None], ["skills", None, "x"]])
    element = tree.root.below["skills"].element(0)
    assert element is not None
    assert len(element.selectors) == 3
    assert "x" in element.below


# --- SDJ: what a reader refuses ---------------------------------------------------------------------------------------

MEMBER = encoded(["salt", "name", "Ada"])
ELEMENT = encoded(["salt", "law"])


@pytest.mark.case("SDJ-01")
def test_a_disclosure_that_no_digest_vouches_for_is_refused() -> None:
    refused(sd_jwt({"_sd": []}, MEMBER), errors.DisclosureUnreferenced)
    refused(sd_jwt({"_sd": [hashed(MEMBER)]}, MEMBER, ELEMENT), errors.DisclosureUnreferenced)
    inner = encoded(["salt", "outer", {"_sd": [hashed(MEMBER)]}])
    refused(sd_jwt({"_sd": [hashed(inner)]}, MEMBER), errors.DisclosureUnreferenced)
    assert parse(sd_jwt({"_sd": [hashed(inner)]}, MEMBER, inner)).processed.claims == {"outer": {"name": "Ada"}}


@pytest.mark.case("SDJ-02")
def test_one_digest_in_two_places_is_refused() -> None:
    digest = hashed(MEMBER)
    refused(sd_jwt({"_sd": [digest, digest]}, MEMBER), errors.DigestRepeated)
    refused(sd_jwt({"_sd": [digest, digest]}), errors.DigestRepeated)
    refused(sd_jwt({"_sd": [digest], "deep": {"_sd": [digest]}}, MEMBER), errors.DigestRepeated)
    refused(sd_jwt({"l": [{"...": hashed(ELEMENT)}, {"...": hashed(ELEMENT)}]}, ELEMENT), errors.DigestRepeated)
    inner = encoded(["salt", "outer", {"_sd": [digest]}])
    refused(sd_jwt({"_sd": [hashed(inner), digest]}, inner, MEMBER), errors.DigestRepeated)
    refused(sd_jwt({"_sd": [digest]}, MEMBER, MEMBER), errors.DigestRepeated)


@pytest.mark.case("SDJ-03")
@pytest.mark.parametrize("name", ["_sd", "...", "_sd_alg"])
def test_a_disclosure_must_not_have_a_reserved_name(name: str) -> None:
    text = encoded(["salt", name, "x"])
    refused(sd_jwt({"_sd": [hashed(text)]}, text), errors.ReservedClaimName)


@pytest.mark.case("SDJ-03")
def test_a_disclosure_must_not_replace_a_claim() -> None:
    other = encoded(["other", "name", "Eve"])
    error = refused(sd_jwt({"_sd": [hashed(MEMBER)], "name": "Eve"}, MEMBER), errors.ClaimOverwritten)
    assert error.pointer == "/name"
    refused(sd_jwt({"_sd": [hashed(MEMBER), hashed(other)]}, MEMBER, other), errors.ClaimOverwritten)


def test_a_disclosure_must_fit_its_place() -> None:
    refused(sd_jwt({"_sd": [hashed(ELEMENT)]}, ELEMENT), errors.DisclosureMisplaced)
    refused(sd_jwt({"l": [{"...": hashed(MEMBER)}]}, MEMBER), errors.DisclosureMisplaced)


@pytest.mark.parametrize(
    "payload",
    [
        {"_sd": "x"},
        {"_sd": [5]},
        {"_sd": [None]},
        {"_sd": ["short"]},
        {"_sd": {"a": 1}},
        {"...": hashed(MEMBER)},
        {"a": {"...": hashed(MEMBER)}},
        {"a": [{"...": hashed(MEMBER), "b": 1}]},
        {"a": [{"...": 5}]},
        {"a": [{"...": "short"}]},
        {"a": {"_sd_alg": "sha-256"}},
        {"_sd_alg": "sha-512", "_sd": [hashed(MEMBER)]},
    ],
)
def test_digests_have_one_form_and_their_own_places(payload: Any) -> None:
    refused(sd_jwt(payload), errors.DigestMalformed)


@pytest.mark.parametrize(
    "content", [["s"], ["s", "n", 1, 2], [], {}, "s", [1, "n", 2], [None, 1], ["s", 5, "x"], ["s", None, "x"]]
)
def test_a_disclosure_is_two_or_three_things(content: Any) -> None:
    refused(sd_jwt({}, encoded(content)), errors.DisclosureMalformed)


@pytest.mark.parametrize(
    "data", [b'["s","n",1', b'["s","n",{"a":1,"a":2}]', b'["s","n",NaN]', b"\xff", b'["s","n","\\ud800"]']
)
def test_a_disclosure_passes_the_byte_gate(data: bytes) -> None:
    with pytest.raises(errors.InvalidJson):
        parse(sd_jwt({}, encoded(data)))


def test_a_disclosure_is_in_the_one_form_of_its_bytes() -> None:
    for text in (MEMBER + "=", MEMBER[:-1] + "!", MEMBER + " "):
        refused(sd_jwt({}, text), errors.MalformedEncoding)


def test_nesting_by_disclosures_is_limited_as_all_nesting() -> None:
    texts: list[str] = []
    value: Any = 1
    for _ in range(strict_json.MAX_DEPTH):
        texts.append(encoded([f"salt {len(texts)}", "a", value]))
        value = {"_sd": [hashed(texts[-1])]}
    refused(sd_jwt({"a": value}, *texts), errors.JsonDepth)
    assert parse(sd_jwt(value, *texts)).processed.claims["a"]


def test_the_tildes_are_where_they_belong() -> None:
    text = sd_jwt({"_sd": [hashed(MEMBER)]}, MEMBER)
    refused(text.rstrip("~").partition("~")[0], errors.SdJwtMalformed)
    refused(text + "~", errors.SdJwtMalformed)
    refused(text.replace("~", "~~", 1), errors.SdJwtMalformed)
    refused("~" + text, errors.TokenMalformed)
    refused(text[:-1], errors.TokenMalformed)
    refused(text + "ä", errors.MalformedEncoding)
    assert parse(text).processed == parse(text.encode()).processed


def test_size_and_number_are_limited() -> None:
    refused("~" * (limits.MAX_CHARACTERS + 1), errors.TokenTooLarge)
    refused("~" * (limits.MAX_DISCLOSURES + 2), errors.TooManyDisclosures)
    texts = [encoded([str(number), "x"]) for number in range(limits.MAX_DISCLOSURES)]
    text = sd_jwt({"l": [{"...": hashed(one)} for one in texts]}, *texts)
    assert len(parse(text).processed.disclosed) == limits.MAX_DISCLOSURES


# --- times, type, signature -------------------------------------------------------------------------------------------


def verify_plain(payload: Any, *disclosures: str) -> Any:
    return verify(sd_jwt(payload, *disclosures), ISSUER.public, now=NOW, profile=PLAIN).claims


@pytest.mark.case("SDJ-04")
@pytest.mark.parametrize(
    ("name", "good", "bad", "error"),
    [
        ("exp", SECONDS + 1, SECONDS, errors.TokenExpired),
        ("exp", SECONDS + 0.5, SECONDS - 0.5, errors.TokenExpired),
        ("nbf", SECONDS + 60, SECONDS + 61, errors.TokenNotYetValid),
        ("iat", SECONDS, SECONDS + 61, errors.TokenNotYetValid),
    ],
)
def test_times_count_open_and_disclosed(name: str, good: float, bad: float, error: type[errors.PlauditError]) -> None:
    assert verify_plain({name: good}) == {name: good}
    for value, raised in ((bad, error), ("soon", errors.ClaimMalformed), (True, errors.ClaimMalformed)):
        text = encoded(["salt", name, value])
        for arguments in (({name: value},), ({"_sd": [hashed(text)]}, text)):
            with pytest.raises(raised):
                verify_plain(*arguments)


@pytest.mark.parametrize("value", [-1, 1e300, None, []])
def test_a_time_is_one_of_a_calendar(value: Any) -> None:
    with pytest.raises(errors.ClaimMalformed):
        verify_plain({"exp": value})


@pytest.mark.case("SDJ-07")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("iss", "https://issuer.example"),
        ("nbf", 1),
        ("exp", SECONDS + 10),
        ("cnf", {"jwk": {}}),
        ("vct", "x"),
        ("vct#integrity", "sha256-x"),
        ("status", {"status_list": {"uri": "https://a.example", "idx": 1}}),
    ],
)
def test_what_judges_the_credential_is_never_hidden(name: str, value: Any) -> None:
    """The issuer refuses to build it; the verifier refuses what another built, shown or not."""
    with pytest.raises(errors.ClaimMustBeOpen):
        issued([f"/{name}"], {"vct": "x", name: value})
    text = encoded(["salt", name, value])
    open_claims = {} if name == "vct" else {"vct": "x"}
    with pytest.raises(errors.ClaimMustBeOpen):
        verify(sd_jwt({**open_claims, "_sd": [hashed(text)]}, text), ISSUER.public, now=NOW)
    parts: list[Any] = [{"_sd": [hashed(MEMBER)]}, [{"...": hashed(ELEMENT)}], {"deep": [{"_sd": []}]}]
    for hidden in parts:
        with pytest.raises(errors.ClaimMustBeOpen):
            verify(sd_jwt({**open_claims, name: hidden}), ISSUER.public, now=NOW)


@pytest.mark.parametrize(
    "payload", [{}, {"vct": 5}, {"vct": ""}, {"vct": "x", "iss": 5}, {"vct": None}, {"vct": "x", "iss": None}]
)
def test_a_credential_says_its_type(payload: Any) -> None:
    with pytest.raises(errors.ClaimMalformed):
        verify(sd_jwt(payload), ISSUER.public, now=NOW)


def test_the_type_of_the_token_is_checked() -> None:
    old = sd_jwt({"vct": "x"}, header={"alg": "EdDSA", "typ": "vc+sd-jwt"})
    with pytest.raises(errors.TokenTypeMismatch):
        verify(old, ISSUER.public, now=NOW)
    assert verify(old, ISSUER.public, now=NOW, profile=SD_JWT_VC_OLD).claims == {"vct": "x"}
    for header in ({"alg": "EdDSA"}, {"alg": "EdDSA", "typ": "JWT"}):
        with pytest.raises(errors.TokenTypeMismatch):
            verify(sd_jwt({"vct": "x"}, header=header), ISSUER.public, now=NOW, profile=SD_JWT_VC_OLD)


@pytest.mark.parametrize("algorithm", ["ES256", "ES384", "ES512"])
def test_every_curve_signs_and_verifies(algorithm: str) -> None:
    key = EcKey("sd-jwt", algorithm)
    text = issued(signer=key)
    assert verify(text, key.public, now=NOW).claims == CLAIMS
    with pytest.raises(errors.AlgorithmKeyMismatch):
        verify(text, ISSUER.public, now=NOW)
    with pytest.raises(errors.SignatureInvalid):
        verify(text, EcKey("another", algorithm).public, now=NOW)


def test_the_status_reference_is_shown_and_not_followed() -> None:
    entry = {"uri": "https://issuer.example/status/1", "idx": 7}
    status = verify(issued([], {"vct": "x", "status": {"status_list": entry}}), ISSUER.public, now=NOW).status
    assert status is not None
    assert (status.uri, status.index) == (entry["uri"], 7)
    for bad in (5, {"status_list": 5}, {"status_list": {**entry, "uri": "u"}}, {"status_list": {**entry, "idx": True}}):
        with pytest.raises(errors.StatusEntryMalformed):
            verify(issued([], {"vct": "x", "status": bad}), ISSUER.public, now=NOW)
    with pytest.raises(errors.StatusTypeNotSupported):
        verify(issued([], {"vct": "x", "status": {"other": {}}}), ISSUER.public, now=NOW)


# --- JSON serializations (RFC 9901, 8) --------------------------------------------------------------------------------


def as_json(*tokens: str, disclosures: Any = (), **header: Any) -> dict[str, Any]:
    """The general JSON serialization of compact JWS with one payload; flattened when there is one."""
    parts = [token.split(".") for token in tokens]
    signatures: list[dict[str, Any]] = [{"protected": one[0], "signature": one[2]} for one in parts]
    signatures[0]["header"] = {"disclosures": list(disclosures), **header}
    payload = {"payload": parts[0][1]}
    return {**payload, **signatures[0]} if len(tokens) == 1 else {**payload, "signatures": signatures}


PAYLOAD = {"vct": "x", "_sd": [hashed(MEMBER)]}
ONE = sd_jwt(PAYLOAD).rstrip("~")
TWO = sd_jwt(PAYLOAD, signer=HOLDER).rstrip("~")


def parsed_json(message: Any) -> Any:
    return limits.parse_json(json.dumps(message).encode())


def test_both_json_serializations_are_read() -> None:
    for message in (as_json(ONE, disclosures=[MEMBER], kid="ignored"), as_json(ONE, TWO, disclosures=[MEMBER])):
        assert verify(parsed_json(message), ISSUER.public, now=NOW).claims == {"vct": "x", "name": "Ada"}
    assert verify(parsed_json(as_json(ONE, TWO)), HOLDER.public, now=NOW).claims == {"vct": "x"}
    assert verify(parsed_json(as_json(TWO, ONE)), ISSUER.public, now=NOW).claims == {"vct": "x"}
    foreign = EcKey("nobody", "ES256")
    with pytest.raises(errors.SignatureInvalid):
        verify(parsed_json(as_json(ONE, TWO)), foreign.public, now=NOW)
    bare = as_json(ONE)
    del bare["header"]
    assert parsed_json(bare).key_binding is None


def _without(message: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in message.items() if key != name}


@pytest.mark.parametrize(
    "message",
    [
        {},
        _without(as_json(ONE), "payload"),
        _without(as_json(ONE), "protected"),
        _without(as_json(ONE, TWO), "payload"),
        {**as_json(ONE), "signatures": []},
        {**as_json(ONE, TWO), "signatures": []},
        {**as_json(ONE, TWO), "signatures": [5]},
        {**as_json(ONE, TWO), "signatures": {}},
        {**as_json(ONE, TWO), "signatures": as_json(ONE, TWO)["signatures"] * 5},
        {**as_json(ONE, TWO), "payload": 5},
        {**as_json(ONE), "header": []},
        {**as_json(ONE), "more": 1},
        as_json(ONE, disclosures=[5]),
        as_json(ONE, disclosures=[MEMBER + "~" + ELEMENT]),
        as_json(ONE, disclosures=[""]),
        as_json(ONE, disclosures=["ä"]),
        {**as_json(ONE), "header": {"disclosures": "x"}},
        as_json(ONE, kb_jwt=5),
        as_json(ONE, typ="dc+sd-jwt"),
        {**as_json(ONE, TWO), "signatures": list(reversed(as_json(ONE, TWO)["signatures"]))},
    ],
)
def test_other_shapes_of_json_are_refused(message: Any) -> None:
    with pytest.raises(errors.SdJwtMalformed):
        parsed_json(message)


def test_one_more_dot_makes_no_other_token() -> None:
    message = as_json(ONE)
    with pytest.raises(errors.TokenMalformed):
        parsed_json({**message, "protected": message["protected"] + ".x"})


def test_an_unsigned_or_wrongly_typed_signature_never_counts() -> None:
    """Of several signatures the one that this key made must also say the right type."""
    other = jws.sign({"typ": "JWT"}, multibase.decode_base64url(ONE.split(".")[1]), HOLDER)
    message = as_json(ONE, other)
    with pytest.raises(errors.TokenTypeMismatch):
        verify(parsed_json(message), HOLDER.public, now=NOW)
    third = as_json(ONE, other, TWO)
    assert verify(parsed_json(third), HOLDER.public, now=NOW).claims == {"vct": "x"}


def test_concealing_alone_gives_what_would_be_signed() -> None:
    payload, texts = conceal({"name": "Ada"}, ["/name"], salts=Salts(), profile=PLAIN)
    assert payload == {"_sd": [hashed(texts[0].decode())], "_sd_alg": "sha-256"}
