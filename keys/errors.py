"""Names every way in which the handling of signing keys can fail; it detects none of them itself.

The families are those of `credentials.errors`. `Unreachable` here means that the keys could not be opened or written
just now: issuing stops with 503, while verification and published pages, which need no private key, go on.
"""

from __future__ import annotations

from credentials.errors import BadData, Refused, Unreachable


class KeysSealed(Unreachable):
    """The passphrase is missing or is not the one these keys were sealed with; no private key was opened."""

    code = "keys_sealed"
    title = "The signing keys are sealed"
    remedy = "Give the passphrase that the keys were made with in PLAUDIT_PASSPHRASE_FILE, then try again."


class PassphraseUnusable(Refused):
    """A passphrase was given that cannot be used: too short, not text, exposed, or given in two places at once."""

    code = "passphrase_unusable"
    title = "The passphrase cannot be used"
    remedy = "Give one passphrase of at least 12 characters, in one place, in a file that only the service can read."
    status_hint = 503


class KeyFileExposed(Refused):
    """A key file or its folder can be read or changed by somebody else, so its content is not trusted."""

    code = "key_file_exposed"
    title = "The key files are not private"
    remedy = "Run the command that the message names. If the key was readable by others, rotate it afterwards."
    status_hint = 503


class KeyFileDamaged(BadData):
    """A key file is not, byte for byte, what Plaudit wrote."""

    code = "key_file_damaged"
    title = "A key file is damaged"
    remedy = "Restore this file from a backup. If somebody changed it on purpose, treat the key as compromised."
    status_hint = 503


class KeyStoreUnwritable(Unreachable):
    """The disk refused to read or store a key file. What was there before is still there, whole."""

    code = "key_store_unwritable"
    title = "The key folder cannot be used"
    remedy = "Look at the disk: free space, mount options and permissions of the key folder. Then try again."


class KeyNotFound(BadData):
    """No key has this id, or this owner has no keys."""

    code = "key_not_found"
    title = "There is no such key"
    remedy = "`plaudit keys list` shows the keys of this installation."
    status_hint = 404


class NoActiveKey(Refused):
    """The owner has keys, but none that may sign new credentials."""

    code = "no_active_key"
    title = "No key may sign at present"
    remedy = "Make a new key with `plaudit keys rotate`."
    status_hint = 503


class KeyStateConflict(Refused):
    """The key's state does not allow this change."""

    code = "key_state_conflict"
    title = "The key cannot change in this way"
    remedy = "Look at the key's state with `plaudit keys list`; a key only ever moves towards retired or compromised."
    status_hint = 409


class KeyNotUsable(Refused):
    """A signature was asked of a retired or compromised key, or of a key that was closed again."""

    code = "key_not_usable"
    title = "This key no longer signs"
    remedy = "Sign with the owner's active key."
    status_hint = 409


class SigningStopped(Refused):
    """The emergency stop is on: nothing is signed until somebody takes it off."""

    code = "signing_stopped"
    title = "Signing is stopped"
    remedy = "When the reason is dealt with, take the stop off with `plaudit keys resume`."
    status_hint = 503


class ProofInFuture(BadData):
    """The proof would be dated after the clock of this process."""

    code = "proof_in_future"
    title = "The proof would be dated in the future"
    remedy = "Check the clock of this machine; the date of a proof is always the server's own time of signing."


class SignerNotSupported(BadData):
    """A key URI names a kind of key store that this version does not have."""

    code = "signer_not_supported"
    title = "This kind of key store is not supported"
    remedy = "Use a key of the encrypted file store: its URI is `file:` and the key's id."
