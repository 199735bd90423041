"""What can be wrong with statuses of more than one bit, and with notices; the rest is in `errors.judgements`."""

from __future__ import annotations

from credentials.errors.families import BadData


class StatusValueOutOfRange(BadData):
    """A status was to be written that needs more bits than the list gives to each entry."""

    code = "status_value_out_of_range"
    title = "The status does not fit in the list"
    remedy = "Make the list with larger entries, or use a smaller value."
    problem_type = "https://www.w3.org/TR/vc-data-model#RANGE_ERROR"


class NoticeNotTrusted(BadData):
    """What was found where the issuer would explain a withdrawal is no valid notice of that issuer about it."""

    code = "notice_not_trusted"
    title = "The issuer's notice about this credential cannot be relied on"
    remedy = "Ask the issuer why the credential was withdrawn."
