"""What can be wrong with a request to the VC-API's issuing endpoints. Documents themselves: `credentials.errors`."""

from __future__ import annotations

from credentials.errors import BadData, Refused


class RequestMalformed(BadData):
    """The request's body has not the shape that the VC-API gives it."""

    code = "vc_api_request"
    title = "The request could not be understood"
    remedy = "Send what docs/vc-api.md lists for this endpoint."
    problem_type = "https://www.w3.org/TR/vc-data-model#PARSING_ERROR"
    status_hint = 400


class IssuerNotHeld(Refused):
    """The credential names an issuer whose key is not held here."""

    code = "issuer_not_held"
    title = "This instance holds no key of that issuer"
    remedy = "Use one of the did:key identifiers that were printed at the start."
    status_hint = 422


class CredentialUnknown(Refused):
    """No credential with a status was issued under this id since the start."""

    code = "credential_unknown"
    title = "No such credential was issued here"
    remedy = "Status can be set for credentials issued at the status base since the last start."
    status_hint = 404


class ListUnknown(Refused):
    """There is no status list under this address."""

    code = "status_list_unknown"
    title = "There is no such status list"
    remedy = "Use the statusListCredential of a credential that was issued since the last start."
    status_hint = 404


class TokenMissing(Refused):
    """The endpoint asks for a bearer token, and the request has none or another one."""

    code = "token_missing"
    title = "A bearer token is needed"
    remedy = "Send the header Authorization: Bearer and the token that the server was started with."
    status_hint = 401


class ListsFull(Refused):
    """Every place of the status lists was given away since the start."""

    code = "status_lists_full"
    title = "The status lists are full"
    remedy = "Start the server again: its lists live in memory."
    status_hint = 422


class RealDataHere(Refused):
    """Conformance mode signs whatever it is sent, so it never runs where real credentials are issued."""

    code = "real_data_here"
    title = "There is real data here"
    remedy = "Run conformance mode with PLAUDIT_HOME naming an empty or absent folder, and no database of its own."
    status_hint = 409
