"""Sending the mails that are due (发送邮件). Words and address are read when a mail is sent.

Killed between sending and writing that down, a mail is sent twice rather than never.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from django.conf import settings as configured
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import translation

from hongyan.core import clock, exception_log, scope, vault
from hongyan.core.parameters import value_of, values_of
from hongyan.core.sealed import open_sealed
from hongyan.desk.codes import MailFailure, MailSort, MailState
from hongyan.desk.mail_words import Words, code_words, digest_words, is_set_up, notice_words
from hongyan.desk.models import Mail, NoticeSettings
from hongyan.desk.parameters import MAIL_CODE_MINUTES, MAIL_RETRY_MINUTES, MAIL_TRIES
from hongyan.desk.queries.notice_settings import find_settings, to_digest
from hongyan.desk.rules import retry_at
from hongyan.org.models import Staff

log = logging.getLogger(__name__)

MOST_AT_ONCE = 500
"""Mails one run of the task sends; the next run, a minute later, goes on."""
HELD = timedelta(minutes=10)
"""How long a mail belongs to who took it to send: longer than any server is waited for."""


def send_mails() -> dict[str, int]:
    """Send what is due. Answers `{sent, dropped, failed}`; one that fails holds up no other, unless the server is away.

    What nobody needs any more is dropped.
    """
    counts = {"sent": 0, "dropped": 0, "failed": 0}
    if not is_set_up():
        return counts
    connection = get_connection()
    try:
        for _number in range(MOST_AT_ONCE):
            mail = _take()
            if mail is None:
                break
            outcome = _send(mail, connection)
            counts["failed" if isinstance(outcome, MailFailure) else outcome.value] += 1
            if outcome in _OF_THE_SERVER:
                break  # every other mail would wait for it too
    finally:
        connection.close()
    if any(counts.values()):
        log.info("mails sent", extra=counts)
    return counts


_OF_THE_SERVER = {MailFailure.SERVER, MailFailure.LOG_IN}
"""Failures that no mail is to blame for: it is tried again later."""


def _take() -> Mail | None:
    """The mail that waits longest, held for this run; None when none is due."""
    with scope.bulk():
        now = clock.now()
        due = Mail.objects.filter(state=MailState.WAITING, next_at__lte=now)
        mail = due.select_for_update(skip_locked=True).order_by("next_at", "pk").first()
        if mail is not None:
            mail.tries, mail.next_at = mail.tries + 1, now + HELD
            mail.save(update_fields=["tries", "next_at"])
        return mail


@dataclass(frozen=True, slots=True)
class _Letter:
    """A mail as it goes out."""

    address: str
    words: Words


def _send(mail: Mail, connection: BaseEmailBackend) -> MailState | MailFailure:
    """Send one mail and write down what came of it."""
    with scope.bulk():
        letter = _letter(mail)
        if letter is None:
            return _end(mail, MailState.DROPPED)
    message = EmailMessage(
        letter.words.subject,
        letter.words.body,
        configured.DEFAULT_FROM_EMAIL,
        [letter.address],
        connection=connection,
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except (SMTPException, OSError) as error:
        connection.close()
        failure, is_final = failure_of(error)
        _fail(mail, failure, is_final=is_final)
        return failure
    with scope.bulk():
        return _end(mail, MailState.SENT)


def failure_of(error: Exception) -> tuple[MailFailure, bool]:
    """What a refusal means, and whether it is final: codes of 500 and more are, by RFC 5321."""
    if isinstance(error, SMTPAuthenticationError):
        return MailFailure.LOG_IN, False
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _words in error.recipients.values()]
        return MailFailure.ADDRESS, bool(codes) and min(codes) >= 500
    if isinstance(error, SMTPResponseException) and not isinstance(error, SMTPConnectError):
        is_final = error.smtp_code >= 500
        return (MailFailure.REFUSED, True) if is_final else (MailFailure.SERVER, False)
    return MailFailure.SERVER, False


def _letter(mail: Mail) -> _Letter | None:
    """What to send where, as things are now; None when it is not needed any more."""
    staff = Staff.objects.filter(staff_no=mail.staff_no, is_active=True, suspended_at=None).first()
    settings = find_settings(mail.staff_no)
    if staff is None or settings is None or not settings.address_sealed:
        return None
    if (mail.sort == MailSort.CODE) == (settings.confirmed_at is not None):
        return None  # the address was proved meanwhile, or is another one that is not
    with translation.override(staff.language or configured.LANGUAGE_CODE):
        words = _words(mail, settings)
    return _Letter(open_sealed(settings, "address_sealed").decode(), words) if words else None


def _words(mail: Mail, settings: NoticeSettings) -> Words | None:
    if mail.sort == MailSort.CODE:
        return _new_code(settings)
    if mail.sort == MailSort.DIGEST:
        assert mail.since is not None
        messages = to_digest(settings, mail.since, mail.made_at)
        return digest_words(messages) if messages else None
    assert mail.notification is not None
    return notice_words(mail.notification) if mail.notification.read_at is None else None


def _new_code(settings: NoticeSettings) -> Words:
    """A fresh code in the place of any before: made when it is sent, it stands nowhere in the clear."""
    minutes = int(value_of(MAIL_CODE_MINUTES))
    code = f"{secrets.randbelow(10**6):06}"
    NoticeSettings.objects.filter(pk=settings.pk).update(
        code_digest=code_digest(settings, code),
        code_until=clock.now() + timedelta(minutes=minutes),
        code_failures=0,
    )
    return code_words(code, minutes)


def code_digest(settings: NoticeSettings, code: str) -> bytes:
    """The keyed hash of a code, for one person and one address."""
    return vault.blind("mail_code", f"{settings.uuid}/{settings.address_masked}/{code}")


def _fail(mail: Mail, failure: MailFailure, *, is_final: bool) -> None:
    """Try a mail again later, or give it up and let whoever looks after the system know."""
    now = clock.now()
    with scope.bulk():
        most, first = values_of(MAIL_TRIES, MAIL_RETRY_MINUTES)
        again = None if is_final else retry_at(now, tries=mail.tries, most=most, first_minutes=first)
        if again is None:
            _end(mail, MailState.DEAD, failure)
        else:
            Mail.objects.filter(pk=mail.pk).update(failure=failure, next_at=again)
    log.warning("mail not sent", extra={"mail": mail.pk, "failure": failure.value, "tries": mail.tries})
    if again is None:
        exception_log.note(exception_log.Kind.JOB, f"Mail{failure.title()}", "desk.send_mails")


def _end(mail: Mail, state: MailState, failure: str = "") -> MailState:
    Mail.objects.filter(pk=mail.pk).update(state=state, failure=failure, ended_at=clock.now())
    return state
