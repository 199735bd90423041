"""Look-alikes of known issuers: what deceives is warned of, and innocent near names in many scripts are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import lookalikes, skeletons
from credentials.lookalikes import KnownIssuer, LookAlikes
from credentials.sentence import Sentence

KNOWN = (
    KnownIssuer("PayPal Inc.", "paypal.com", "did:web:paypal.com"),
    KnownIssuer("Northwind Traders Ltd", "northwind.com", "did:web:plaudit.example:o:northwind"),
    KnownIssuer("Massachusetts Institute of Technology", "mit.edu", "did:key:z6MkKnown"),
    KnownIssuer("Apple", "apple.com"),
    KnownIssuer("Microsoft Corporation", "microsoft.com"),
    KnownIssuer("Société Générale S.A.", "societegenerale.com"),
    KnownIssuer("Wikipedia", "wikipedia.org"),
    KnownIssuer("University of York", "york.ac.uk"),
    KnownIssuer("北京大学", "pku.edu.cn"),
    KnownIssuer("株式会社トヨタ自動車", "toyota.co.jp"),
    KnownIssuer("Мосэнерго", "mosenergo.ru"),
    KnownIssuer("Εθνική Τράπεζα", "nbg.gr"),
    KnownIssuer("جامعة القاهرة", "cu.edu.eg"),
    KnownIssuer("दिल्ली विश्वविद्यालय", "du.ac.in"),
    KnownIssuer("삼성전자", "samsung.com"),
    KnownIssuer("Bücherei Köln", "bücherei.de".encode("idna").decode()),
    KnownIssuer("Studio 54", "studio54.example"),
    KnownIssuer("Goodwill Dundee", None, "did:key:z6MkGoodwill"),
    KnownIssuer("", "", ""),
)
LOOK_ALIKES = LookAlikes(KNOWN)
ELSEWHERE = "did:web:elsewhere.example"


def web(host: str) -> str:
    """The did:web of a host as people write it."""
    return "did:web:" + host.encode("idna").decode()


def kinds(name: str | None, did: str, page: str | None = None) -> list[str]:
    return [warning.kind for warning in LOOK_ALIKES.warnings(name, did, page)]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("PayPal", "same_name"),
        ("PAYPAL, INC", "same_name"),
        ("Paypal GmbH", "same_name"),
        ("ＰａｙＰａｌ", "same_name"),
        ("Pay\u200bPal", "near_name"),
        ("PayPaI", "near_name"),
        ("Paypall", "near_name"),
        ("Payapl", "near_name"),
        ("Pаypal", "confusable_name"),
        ("РауРаl", "confusable_name"),
        ("PayРal Inc.", "confusable_name"),
        ("P\u0430yp\u0430l", "confusable_name"),
        ("Northwind Tradcrs", None),
        ("Northwnd Traders", "near_name"),
        ("North wind Traders", "near_name"),
        ("Northvvind Traders", "confusable_name"),
        ("Microsoít", "near_name"),
        ("Rnicrosoft", "confusable_name"),
        ("Micr0soft", "confusable_name"),
        ("Microsoft", "same_name"),
        ("Societe Generale", "same_name"),
        ("Massachusetts Institute of Technology", "same_name"),
        ("Massachussetts Institute of Technology", "near_name"),
        ("Massachusetts Institute of Techonlogy", "near_name"),
        ("W\u0456kipedia", "confusable_name"),
        ("Wikipediа", "confusable_name"),
        ("Wikipеdia Foundation", "mixed_scripts"),
        ("株式会社トヨ夕自動車", "confusable_name"),
        ("Мосэнepгo", "confusable_name"),
        ("Mосэнерго", "confusable_name"),
        ("Goodvvill Dundee", "confusable_name"),
        ("Goodwill Clunclee", "confusable_name"),
    ],
)  # fmt: skip
def test_a_name_that_could_be_taken_for_a_known_one(name: str, kind: str | None) -> None:
    found = kinds(name, ELSEWHERE)
    assert found[:1] == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("pаypal.com", "confusable_domain"),
        ("рaypal.com", "confusable_domain"),
        ("paypa1.com", "confusable_domain"),
        ("pay-pal.com", "confusable_domain"),
        ("paypal.com.evil.net", "domain_inside"),
        ("www.paypal.com.account.evil.co.uk", "domain_inside"),
        ("paypal.co", "other_ending"),
        ("paypal.co.uk", "other_ending"),
        ("login.paypal.info", "other_ending"),
        ("paypall.com", "near_domain"),
        ("payapl.com", "near_domain"),
        ("rnicrosoft.com", "confusable_domain"),
        ("micros0ft.com", "confusable_domain"),
        ("mícrosoft.com", "near_domain"),
        ("northvvind.com", "confusable_domain"),
        ("northw1nd.com", "near_domain"),
        ("аррӏе.com", "confusable_domain"),
        ("wikipediа.org", "confusable_domain"),
        ("ωikipedia.org", "disguised_domain"),
        ("bucherei.de", "near_domain"),
        ("bücherei.com", "other_ending"),
        ("оса.com", "disguised_domain"),
    ],
)  # fmt: skip
def test_a_domain_that_could_be_taken_for_a_known_one(host: str, kind: str) -> None:
    assert kinds("Somebody Else", web(host))[0] == kind


def test_a_disguised_domain_is_shown_as_it_is_written_and_as_it_is_read() -> None:
    found = LOOK_ALIKES.warnings("Somebody Else", web("аррӏе.com"), None)
    assert [warning.kind for warning in found] == ["confusable_domain", "disguised_domain"]
    details = found[1].to_json()["details"]
    assert details == {"domain": "аррӏе.com", "written": "xn--80ak6aa92e.com"}
    assert found[0].details["known"] == {"name": "Apple", "domain": "apple.com", "did": None}
    assert isinstance(found[0].sentence, Sentence)
    assert "Apple (apple.com)" in found[0].sentence


@pytest.mark.parametrize(
    ("name", "did"),
    [
        # a known issuer itself, and names at its own domain
        ("PayPal Inc.", "did:web:paypal.com"),
        ("PayPal", "did:web:jobs.paypal.com"),
        ("PayPal", "did:web:www.paypal.com%3A8443:hr"),
        ("Northwind Traders", "did:web:plaudit.example:o:northwind"),
        ("Massachusetts Institute of Technology", "did:web:registrar.mit.edu"),
        ("Massachusetts Institute of Technology", "did:key:z6MkKnown"),
        ("University of York", "did:web:careers.york.ac.uk"),
        # other names that happen to be near
        ("University of Cork", "did:web:cork.example"),
        ("University of Bath", "did:web:bath.example"),
        ("Southwind Traders", ELSEWHERE),
        ("Northwood Trailers", ELSEWHERE),
        ("Ample", "did:web:ample.example"),
        ("Maple", "did:web:maple.com"),
        ("MIT", ELSEWHERE),
        ("Studio 55", "did:web:studio55.example"),
        ("Studio 5", ELSEWHERE),
        ("Paypoint", "did:web:paypoint.com"),
        ("Macrosoft Bakery", ELSEWHERE),
        ("Georgia Institute of Technology", ELSEWHERE),
        ("Illinois Institute of Technology", ELSEWHERE),
        ("Wiki Media", ELSEWHERE),
        # in their own scripts
        ("南京大学", web("南京大学.cn")),
        ("北京师范大学", ELSEWHERE),
        ("東京大学", "did:web:u-tokyo.ac.jp"),
        ("株式会社トヨタ紡織", ELSEWHERE),
        ("삼성전기", ELSEWHERE),
        ("LG전자", ELSEWHERE),
        ("Мосводоканал", "did:web:mosvodokanal.ru"),
        ("Мосэнергосбыт", "did:web:mosenergosbyt.ru"),
        ("Яндекс", web("яндекс.рф")),
        ("Сосна", web("сосна.ru")),
        ("Ростелеком Yandex", ELSEWHERE),
        ("Τράπεζα Πειραιώς", "did:web:piraeusbank.gr"),
        ("Αθηνά", web("αθηνά.gr")),
        ("جامعة عين شمس", "did:web:asu.edu.eg"),
        ("جامعة الأزهر", ELSEWHERE),
        ("मुंबई विश्वविद्यालय", "did:web:mu.ac.in"),
        ("Đại học Bách khoa Hà Nội", "did:web:hust.edu.vn"),
        ("Žižkovská knihovna", web("žižkov.cz")),
        ("İstanbul Üniversitesi", "did:web:istanbul.edu.tr"),
        ("Łódź", web("łódź.pl")),
        ("Stadtbücherei Bonn", web("stadtbücherei.de")),
        ("µTorrent", ELSEWHERE),
        ("3M", ELSEWHERE),
        ("Ελλάδα 2.0", ELSEWHERE),
        ("", ELSEWHERE),
        ("Co", ELSEWHERE),
        ("🙂", ELSEWHERE),
        (None, "did:key:z6MkStranger"),
        ("Ltd", "not a did"),
    ],
)  # fmt: skip
def test_innocent_names_are_left_alone(name: str | None, did: str) -> None:
    assert kinds(name, did) == []


def test_a_borrowed_home_page_is_told_from_an_own_one() -> None:
    assert kinds("Somebody Else", ELSEWHERE, "paypal.com") == ["borrowed_page"]
    assert kinds("Somebody Else", ELSEWHERE, "jobs.paypal.com") == ["borrowed_page"]
    assert kinds("PayPal", "did:key:z6MkStranger", "paypal.com") == ["same_name", "borrowed_page"]
    assert kinds("PayPal", "did:web:jobs.paypal.com", "paypal.com") == []
    assert kinds("Somebody Else", "did:key:z6MkStranger", "paypal.de") == ["other_ending"]


def test_only_the_first_few_are_told() -> None:
    found = kinds("Pаypal", web("pаypal.com"), "paypal.com")
    assert len(found) == lookalikes.MAX_WARNINGS


def test_a_known_issuer_without_domain_is_named_alone() -> None:
    (warning,) = LOOK_ALIKES.warnings("Goodwill Dundee", ELSEWHERE, None)
    assert "issuer, Goodwill Dundee, has" in warning.sentence


def test_a_mixed_name_is_told_without_any_known_issuer() -> None:
    (warning,) = LookAlikes(()).warnings("Gооgle", ELSEWHERE, None)
    assert (warning.kind, warning.details["scripts"]) == ("mixed_scripts", ["CYRILLIC", "LATIN"])


@pytest.mark.parametrize(
    ("one", "other", "most", "apart"),
    [
        ("", "", 2, 0),
        ("abc", "abc", 2, 0),
        ("abc", "acb", 2, 1),
        ("abc", "abd", 2, 1),
        ("abc", "ab", 2, 1),
        ("ab", "abc", 2, 1),
        ("abcd", "badc", 2, 2),
        ("abcd", "wxyz", 2, 3),
        ("abcdef", "ab", 2, 3),
        ("a" * 121, "a" * 121, 2, 3),
        ("ca", "abc", 5, 3),
    ],
)
def test_how_far_two_words_are_apart(one: str, other: str, most: int, apart: int) -> None:
    assert lookalikes.distance(one, other, most) == apart


@given(st.text("abc", max_size=7), st.text("abc", max_size=7))
def test_distance_is_the_same_both_ways_and_bounded(one: str, other: str) -> None:
    exact = lookalikes.distance(one, other, 9)
    assert exact == lookalikes.distance(other, one, 9)
    assert (exact == 0) == (one == other)
    assert exact <= max(len(one), len(other))
    assert lookalikes.distance(one, other, 1) == min(exact, 2)


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_name_breaks_it(name: str, page: str) -> None:
    for warning in LOOK_ALIKES.warnings(name, ELSEWHERE, page or None):
        assert warning.to_json()["sentence"]


@given(st.sampled_from([one for one in KNOWN if one.did]))
def test_no_known_issuer_is_warned_of(known: KnownIssuer) -> None:
    assert LOOK_ALIKES.warnings(known.name, str(known.did), known.domain) == ()


def test_a_skeleton_is_one_for_all_that_look_alike() -> None:
    assert skeletons.skeleton("pаypаl") == skeletons.skeleton("paypal")
    assert skeletons.skeleton("𝗽𝗮𝘆𝗽𝗮𝗹") == skeletons.skeleton("paypal")
    assert skeletons.skeleton("m") == skeletons.skeleton("rn")
    assert skeletons.skeleton("ӏ") == "l"


def test_broken_punycode_stays_as_it_is_written() -> None:
    assert skeletons.decoded("xn--zzzzzzzzzz99999.example") == "xn--zzzzzzzzzz99999.example"
    assert skeletons.decoded("xn--mnchen-3ya.example") == "münchen.example"
