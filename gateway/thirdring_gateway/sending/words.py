"""What went wrong with a report, in words that say how to mend it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FAILURES: Mapping[str, Promise] = {
    "not made": _("The report could not be made."),
    "unfinished": _("The gateway was stopped while it worked on this."),
    "no mail server": _("No mail server is set. The files are in the folder."),
    "unknown host": _("Nobody knows a mail server of this name. Check its spelling and the network's name server."),
    "no server": _("There is no mail server at this port. Check host and port."),
    "no answer": _("The mail server does not answer. Check host, port and firewall."),
    "cannot connect": _("The mail server cannot be reached."),
    "not trusted": _("The mail server's certificate is not trusted by this machine."),
    "no TLS": _("The mail server speaks another kind of encryption at this port. Try STARTTLS with 587, TLS with 465."),
    "not supported": _("The mail server does not offer what is set here: STARTTLS, or a sign-in."),
    "sign-in refused": _("The mail server refuses user name or password."),
    "password without TLS": _("A password is never sent without encryption. Choose STARTTLS or TLS."),
    "address refused": _("The mail server refuses this recipient."),
    "bad address": _("This is no mail address."),
    "refused": _("The mail server refuses the mail."),
    "hung up": _("The mail server ended the connection."),
}
