"""Makes Open Badges 3.0 credentials out of a seeded random generator: realistic in shape, nasty in their values."""

from __future__ import annotations

from random import Random
from typing import Any

CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
]

#: Names in many scripts, with combining marks, right-to-left text, characters beyond the BMP and syntax of N-Quads.
NAMES = [
    "Zoë Nuñez-O'Brien", "Nguyễn Thị Minh Khai", "Владимир Ильин", "Αλέξανδρος Παπαδόπουλος", "王小明", "佐藤 花子",
    "김철수", "محمد بن سلمان", "יעל כהן", "प्रिया शर्मा", "தமிழ்ச்செல்வி", "สมชาย ใจดี", "ქეთევან", "Հայկ", "አበበ ቢቂላ",
    "ਗੁਰਪ੍ਰੀਤ", "සුනිල්", "မောင်မောင်", "ខ្មែរ", "ລາວ", "བསོད་ནམས", "ᏣᎳᎩ", "𐌰𐌻𐍆𐍂𐌴𐌳", "👩🏽‍💻 Ada", "e\u0301 é",
    "\u200fRTL\u200e",
    'quote " back \\ slash', "line\nfeed\ttab\rreturn", "angle <b>&amp;</b>", "_:b0", "@id", "", " ", "null", "\\u0041",
]  # fmt: skip
#: Characters that canonical N-Quads write as \uXXXX; PyLD 3.3 leaves them as they are, against RDFC-1.0, 5.
CONTROLS = ["bell\u0007", "back\bspace", "form\ffeed", "del\u007f", "nul\u0000", "unit\u001f", "not\ufffe", "vt\u000b"]
NUMBERS: list[Any] = [0, 1, -1, 40, 12.5, 0.1, 1e-7, 123456.789, 5.0, 2**53 - 1, 1 - 2**53, 1e20, True, False, "12.50"]
LANGUAGES = ["en", "de-CH", "zh-Hant-TW", "ar"]


def credential(random: Random, *, controls: bool = False) -> dict[str, Any]:
    """One unsigned credential with ten to forty nodes; `controls` also uses `CONTROLS`."""
    names = NAMES + CONTROLS if controls else NAMES

    def text() -> str:
        return random.choice(names) + random.choice(["", " ", " — "]) + random.choice(names)

    def spoken() -> Any:
        tagged: dict[str, Any] = {"@value": text(), "@language": random.choice(LANGUAGES)}
        if random.random() < 0.3:
            tagged["@direction"] = random.choice(["ltr", "rtl"])
        return random.choice([text(), tagged, [text(), tagged]])

    def maybe(chance: float, **members: Any) -> dict[str, Any]:
        return members if random.random() < chance else {}

    def identifier(kind: str) -> str:
        return f"https://issuer.example/{kind}/{random.getrandbits(64):x}"

    subject = {
        "type": ["AchievementSubject"],
        **maybe(0.5, id=f"did:example:{random.getrandbits(32):x}"),
        "identifier": [
            {"type": "IdentityObject", "hashed": False, "identityHash": text(), "identityType": "name"},
        ],
        "role": text(),
        "activityStartDate": "2026-03-01T00:00:00Z",
        "activityEndDate": "2026-04-01T00:00:00Z",
        "achievement": {
            "id": identifier("achievement"),
            "type": ["Achievement"],
            "achievementType": "Fieldwork",
            "name": text(),
            "description": text(),
            "criteria": {**maybe(0.3, id=identifier("criteria")), "narrative": text()},
            "inLanguage": random.choice(LANGUAGES),
            "tag": [text() for _ in range(random.randrange(4))],
            "humanCode": "PL-1234",
            **maybe(0.5, image={"id": identifier("image"), "type": "Image", "caption": text()}),
            "alignment": [
                {"type": ["Alignment"], "targetName": text(), "targetUrl": identifier("skill"), "targetType": "CFItem"}
                for _ in range(random.randrange(4))
            ],
            "resultDescription": [
                {
                    "id": identifier("result"),
                    "type": ["ResultDescription"],
                    "name": text(),
                    "resultType": random.choice(["ext:HoursWorked", "Status", "RubricScore"]),
                    "valueMin": "0",
                    "valueMax": "160",
                    **maybe(0.4, allowedValue=[text() for _ in range(random.randrange(4))]),
                    **maybe(0.1, allowedValue=text()),
                }
                for _ in range(random.randrange(3))
            ],
        },
        "result": [
            {"type": ["Result"], "resultDescription": identifier("result"), "value": str(random.choice(NUMBERS))}
            for _ in range(random.randrange(4))
        ],
    }
    return {
        "@context": CONTEXTS,
        "id": identifier("c"),
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": spoken(),
        **maybe(0.5, description=spoken()),
        "issuer": {
            "id": "did:web:issuer.example",
            "type": ["Profile"],
            "name": text(),
            "url": "https://issuer.example/",
            **maybe(0.5, address={"type": ["Address"], "addressLocality": text(), "geo": geo(random)}),
            **maybe(0.5, otherIdentifier=[{"type": "IdentifierEntry", "identifier": text(), "identifierType": "lei"}]),
        },
        "validFrom": "2026-04-02T08:00:00Z",
        "awardedDate": "2026-04-02T08:00:00+02:00",
        "credentialSubject": subject,
        "evidence": [
            {
                **maybe(0.5, id=identifier("evidence")),
                "type": ["Evidence"],
                "name": text(),
                "genre": random.choice(["report", "code", "slides"]),
                "narrative": text(),
            }
            for _ in range(random.randrange(5))
        ],
        "credentialStatus": {
            "id": identifier("status") + "#94567",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(random.getrandbits(17)),
            "statusListCredential": identifier("status"),
        },
        "credentialSchema": [{"id": identifier("schema"), "type": "1EdTechJsonSchemaValidator2019"}],
        **maybe(0.3, termsOfUse={"type": "https://issuer.example/terms"}),
        **maybe(0.2, renderMethod={"type": "JsonSchema", "jsonSchema": {"b": random.choice(NUMBERS), "a": [text()]}}),
    }


def geo(random: Random) -> dict[str, Any]:
    """Coordinates: the numbers that Open Badges types as xsd:double."""
    return {
        "type": "GeoCoordinates",
        "latitude": random.choice([n for n in NUMBERS if isinstance(n, (int, float)) and not isinstance(n, bool)]),
        "longitude": random.choice([0, -0.5, 12.375, 180]),
    }
