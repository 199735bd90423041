"""Everything the verifier itself can say went wrong: with an address, with what answered there, or with a file.

It does not judge credentials: those outcomes are steps of a `credentials.verify.Report`. The families are the core's
(`BadData`, `Unreachable`, `Refused`); status hints stay below 500 wherever the *input* is at fault, so that no input
can make the service look broken.
"""

from __future__ import annotations

from credentials.errors import BadData, OpenBadges2, PlauditError, Refused, Unreachable

# --- addresses that are refused before anything is opened -----------------------------------------------------------


class AddressNotAllowed(Refused):
    """The web address is not one that the outbound door opens: a rule of its spelling or of its host says no."""

    code = "address_not_allowed"
    title = "This web address can't be opened from here"
    remedy = "Use the public https address of the record, as the browser's address bar shows it."
    status_hint = 422


class PrivateAddress(Refused):
    """The host's name leads to an address that is not on the public internet (loopback, private, link-local, …)."""

    code = "private_address"
    title = "The address is not on the public internet"
    remedy = "Use an address that anybody can open from anywhere."
    status_hint = 422


class TooManyRedirects(Refused):
    """The server sent us on more often than the limit allows, or in a circle."""

    code = "too_many_redirects"
    title = "The address keeps sending us on"
    remedy = "Open the address in a browser and use the one where it ends."
    status_hint = 422


class TooManyFetches(Refused):
    """Checking the document would mean opening more addresses than one request may cost."""

    code = "too_many_fetches"
    title = "Too many addresses to look up"
    remedy = "Hand in fewer credentials at once."
    status_hint = 422


# --- the world could not be reached ---------------------------------------------------------------------------------


class HostNotFound(Unreachable):
    """The name system knows no address for the host."""

    code = "host_not_found"
    title = "There is no site at this address"
    remedy = "Check the spelling of the address, or try again in a moment."


class NoConnection(Unreachable):
    """The host refused the connection, dropped it, or its TLS certificate could not be trusted for its name."""

    code = "no_connection"
    title = "No secure connection to the site could be made"
    remedy = "Try again in a moment; if it lasts, tell whoever runs the site."


class TookTooLong(Unreachable):
    """The whole exchange, name look-up and redirects included, did not finish within its budget."""

    code = "took_too_long"
    title = "The site took too long to answer"


class BadAnswer(Unreachable):
    """What came back is not a well-formed HTTP/1.1 answer, stopped half way, or is encoded in a way we don't read."""

    code = "bad_answer"
    title = "The site's answer could not be read"
    remedy = "Try again in a moment; if it lasts, tell whoever runs the site."


class AnswerTooLarge(Unreachable):
    """More bytes came back, before or after decompression, than a credential, DID document or status list may have."""

    code = "answer_too_large"
    title = "What is at this address is too large"
    remedy = "Check that the address leads to the credential itself."


class UnexpectedStatus(Unreachable):
    """The server answered with a status that carries no document (404, 500, …)."""

    code = "unexpected_status"
    title = "The site did not give the document"
    remedy = "Check the address, or try again in a moment."


# --- what people hand in --------------------------------------------------------------------------------------------


class NothingGiven(BadData):
    """The form or the request was empty."""

    code = "nothing_given"
    title = "There is nothing to check yet"
    remedy = "Paste a link or the credential's text, or choose a file."
    status_hint = 400


class InputTooLarge(BadData):
    """The upload or the pasted text is larger than any credential or certificate we know."""

    code = "input_too_large"
    title = "That is too large"
    remedy = "Hand in the certificate's PDF or the credential's JSON itself."
    status_hint = 413


class NotRecognised(BadData):
    """The bytes are no format that can carry a credential here (told by their content, never by their name)."""

    code = "not_recognised"
    title = "This is not a kind of file we can read"
    remedy = "Use the credential as JSON, its PDF certificate, a badge image, a picture of its QR code, or its link."
    status_hint = 415


class RequestNotUnderstood(BadData):
    """The request's body does not have one of the documented shapes."""

    code = "request_not_understood"
    title = "The request could not be understood"
    remedy = 'Send the credential itself, {"verifiableCredential": …} or {"url": "https://…"}.'
    status_hint = 400


class NoCredentialInFile(BadData):
    """The file was read, and holds no credential."""

    code = "no_credential_in_file"
    title = "There is no credential in this file"
    remedy = "Use the original file, a clear picture of its QR code, or the link that is printed on it."


class SeveralCredentialsInFile(BadData):
    """The file holds more than one credential, so that one verdict could not say which of them it is about."""

    code = "several_credentials_in_file"
    title = "There is more than one credential in this file"
    remedy = "Hand in the credentials one by one."


class EncryptedFile(BadData):
    """The PDF needs a password, or is encrypted in a way that hides its attachments."""

    code = "encrypted_file"
    title = "This PDF is locked, so it can't be read"
    remedy = "Save it without a password, or use the credential's JSON file."


class DamagedFile(BadData):
    """The file's structure is broken: what it is can be told, what it holds cannot."""

    code = "damaged_file"
    title = "This file is damaged"
    remedy = "Download it again from where you got it."


class FileUnpacksTooLarge(BadData):
    """Something in the file unpacks to more than any credential has (a decompression bomb, or the wrong file)."""

    code = "file_unpacks_too_large"
    title = "This file holds too much"
    remedy = "Use the original certificate, or the credential's JSON file."


class FileTookTooLong(BadData):
    """Reading the file used up its time or memory and was stopped."""

    code = "file_took_too_long"
    title = "This file could not be read in the time allowed"
    remedy = "Use the credential's JSON file."


# --- web pages and short codes ---------------------------------------------------------------------------------------


class NoCredentialOnPage(BadData):
    """At the address is a web page that holds no credential, and none of the few addresses it names holds one."""

    code = "no_credential_on_page"
    title = "This web page holds no credential"
    remedy = "Look on the page for a link to the credential itself, or for a file to download, and hand that in."


class UnknownCode(BadData):
    """No record has the short code that was typed; every such code gets this one answer."""

    code = "unknown_code"
    title = "There is no record with this code"
    remedy = "Compare it with the paper, or open the address that is printed beside it."
    status_hint = 404


class CodesNotLookedUp(BadData):
    """What was handed in is a short code from paper, and codes are not looked up here, or not in this way."""

    code = "codes_not_looked_up"
    title = "This is a code from paper, and codes are not looked up here"
    remedy = "Open the address that is printed beside the code, or type the code at the verifier of who issued it."


class TooManyChecks(Refused):
    """More was to be checked from one address than one person checks. `seconds` are to be waited."""

    code = "too_many_checks"
    title = "Too many checks from one place"
    remedy = "Wait a moment. To check many at once, hand them in together."
    status_hint = 429

    def __init__(self, detail: str, seconds: int) -> None:
        super().__init__(detail)
        self.seconds = seconds


class TooManyGuesses(Refused):
    """Short codes that lead nowhere came one after another from the same place."""

    code = "too_many_guesses"
    title = "Too many codes that lead nowhere"
    remedy = "Wait a minute, or open the address that is printed beside the code."
    status_hint = 429


# --- QR codes -------------------------------------------------------------------------------------------------------


class PictureTooLarge(BadData):
    """The picture has more pixels than a phone's camera gives, or says so: none of them is unpacked."""

    code = "picture_too_large"
    title = "This picture is too large"
    remedy = "Take a screenshot of the code, or crop the picture to it."


class NoCodeInPicture(BadData):
    """The picture could be read, carries no credential, and shows no QR code that can be made out."""

    code = "no_code_in_picture"
    title = "There is no QR code to be seen in this picture"
    remedy = "Take it again: closer, straight, in even light, the whole code with its white edge. Or paste the link."


class CodeDamaged(BadData):
    """A QR code was found, and more of it is missing or changed than its error correction can mend (ISO/IEC 18004)."""

    code = "code_damaged"
    title = "The QR code is there, but can't be read"
    remedy = "Take the picture again without shade or glare, or paste the link that is printed beside the code."


class CodeLeadsElsewhere(BadData):
    """The QR code is readable and leads to no credential: what it points to is named, and nobody is sent there."""

    code = "code_leads_elsewhere"
    title = "This QR code does not lead to a credential"
    remedy = "Do not take it for proof. Ask whoever gave it to you for the link or the file of the credential."


class SeveralCodes(BadData):
    """Several QR codes of one picture or document each lead to a credential, and one verdict could not say which."""

    code = "several_codes"
    title = "There is more than one credential here"
    remedy = "Use “Check a résumé”, which lists every one of them, or cut the picture to one code."


# --- many at once ---------------------------------------------------------------------------------------------------


class ResumeNotRead(BadData):
    """What was handed in as a résumé is of a kind whose links cannot be found."""

    code = "resume_not_read"
    title = "This résumé can't be read"
    remedy = "Save it as a PDF and hand that in, or paste its text."
    status_hint = 415


class BatchNotRead(BadData):
    """What was handed in for checking many at once is no list of links and no ZIP archive that can be opened."""

    code = "batch_not_read"
    title = "This is neither a list of links nor a ZIP archive"
    remedy = "Paste one link in a line, or hand in a ZIP archive of PDF, JSON and picture files."
    status_hint = 415


class ArchiveInArchive(BadData):
    """An archive within an archive is not opened: nobody sends credentials so, and bombs are built so."""

    code = "archive_in_archive"
    title = "There is an archive within the archive"
    remedy = "Unpack it and hand in its files."


# --- ourselves ------------------------------------------------------------------------------------------------------


class ReaderBusy(Unreachable):
    """As many files as are allowed at once are being read already."""

    code = "reader_busy"
    title = "Many files are being checked right now"
    remedy = "Try again in a few seconds."
    status_hint = 503


class ManyBusy(ReaderBusy):
    """As many requests about many credentials as are allowed at once are being worked on already."""

    code = "many_busy"
    title = "Many credentials are being checked for others right now"


class TimeRanOut(Unreachable):
    """The time for the whole request was over before this one was reached: it was not checked, and nothing is known."""

    code = "time_ran_out"
    title = "Not checked: time ran out"
    remedy = "Check it by itself, or hand in fewer at once."


class ReceiptNotMade(Unreachable):
    """The verifier key could not sign, or the receipt could not be drawn. What was checked is not affected."""

    code = "receipt_not_made"
    title = "No receipt can be made right now"
    remedy = "Try again in a moment; if it lasts, tell whoever runs this site."
    status_hint = 503


class NothingForReceipt(BadData):
    """A receipt names what was checked by its digest; of a claim in a printed code there are no bytes to name."""

    code = "nothing_for_receipt"
    title = "There is no receipt for this"
    remedy = "Hand in the credential itself, or the certificate's PDF."
    status_hint = 422


class ConfigurationRefused(Refused):
    """A setting of the verifier is unknown, malformed, or not allowed in production; it does not start."""

    code = "configuration_refused"
    title = "A setting keeps the verifier from starting"
    remedy = "Correct the setting that is named, or remove it."


#: Codes that the file-reading child may send back, and what they become here.
FILE_PROBLEMS: dict[str, type[PlauditError]] = {
    problem.code: problem
    for problem in (
        NoCredentialInFile,
        SeveralCredentialsInFile,
        EncryptedFile,
        DamagedFile,
        FileUnpacksTooLarge,
        FileTookTooLong,
        NotRecognised,
        PictureTooLarge,
        NoCodeInPicture,
        CodeDamaged,
        BatchNotRead,
        ArchiveInArchive,
        OpenBadges2,
        NothingGiven,
    )
}
