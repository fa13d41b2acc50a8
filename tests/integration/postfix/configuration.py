"""Configuration files and certificates of the private Postfix and Dovecot; `rig.py` starts them."""

import os
import subprocess
import time

QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop", "pid",
          "private", "public", "saved", "trace")

MAIN = """
compatibility_level = 3.6
queue_directory = {dir}/queue
data_directory = {dir}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file = {dir}/log/postfix
maillog_file_prefixes = {dir}/
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = mail.example.test
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions =
virtual_mailbox_domains = example.test
virtual_mailbox_base = {dir}/mail
virtual_mailbox_maps = texthash:{dir}/postfix/mailboxes
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_mailbox_limit = 0
message_size_limit = {size_limit}
default_transport = error:5.1.2 this server delivers to example.test only
smtputf8_enable = yes
smtpd_tls_cert_file = {dir}/ca/server.pem
smtpd_tls_key_file = {dir}/ca/server.key
smtpd_tls_security_level = may
smtpd_tls_received_header = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {dir}/dovecot/postfix-auth
smtpd_sasl_authenticated_header = yes
smtpd_sasl_security_options = noanonymous
# Long OAuth tokens make long AUTH lines; the default of 2048 cuts them.
line_length_limit = 16384
smtpd_client_connection_count_limit = 0
in_flow_delay = 0
"""

SUBMISSION = "-o smtpd_sasl_auth_enable=yes -o smtpd_client_restrictions=permit_sasl_authenticated,reject"

MASTER = """
127.0.0.1:{mx} inet n - n - - smtpd
  -o syslog_name=mx
127.0.0.1:{starttls} inet n - n - - smtpd
  -o syslog_name=starttls -o smtpd_tls_auth_only=yes {submission_rules}
127.0.0.1:{unsized} inet n - n - - smtpd
  -o syslog_name=unsized -o smtpd_tls_auth_only=yes -o smtpd_discard_ehlo_keywords=size {submission_rules}
127.0.0.1:{ascii} inet n - n - - smtpd
  -o syslog_name=ascii -o smtpd_tls_auth_only=yes -o smtpd_discard_ehlo_keywords=8bitmime,smtputf8 {submission_rules}
127.0.0.1:{tls} inet n - n - - smtpd
  -o syslog_name=tls -o smtpd_tls_wrappermode=yes {submission_rules}
127.0.0.1:{short} inet n - n - - smtpd
  -o syslog_name=short -o smtpd_tls_auth_only=yes -o line_length_limit=2048 {submission_rules}
127.0.0.1:{clear} inet n - n - - smtpd
  -o syslog_name=clear -o smtpd_tls_security_level=none -o smtpd_tls_auth_only=no {submission_rules}
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

DOVECOT = """
base_dir = {dir}/dovecot
state_dir = {dir}/dovecot
instance_name = rig{imap}
log_path = {dir}/log/dovecot
auth_verbose = yes
protocols = imap{submission_protocol}
listen = 127.0.0.1
ssl = yes
ssl_cert = <{dir}/ca/server.pem
ssl_key = <{dir}/ca/server.key
disable_plaintext_auth = yes
auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256{token_mechanisms}
# Refusals would come slower and slower otherwise.
auth_failure_delay = 0
mail_location = maildir:{dir}/mail/%n
first_valid_uid = 1
mail_uid = {uid}
mail_gid = {gid}
{token_passdb}passdb {{
  driver = passwd-file
  mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256
  args = scheme=PLAIN username_format=%u {dir}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={dir}/mail/%n
}}
service auth {{
  unix_listener postfix-auth {{
    mode = 0660
    user = postfix
    group = postfix
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
service stats {{
  chroot =
}}
{submission_service}"""

# Access tokens are shown to the authorization server, which says whose they are (RFC 7662).
TOKEN_PASSDB = """passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {dir}/oauth2.conf
}}
"""

OAUTH2 = """
introspection_url = {introspection_url}
introspection_mode = post
force_introspection = yes
active_attribute = active
active_value = true
username_attribute = username
scope = smtp
timeout_msecs = 5000
"""

# Dovecot's own submission server, which hands mail on to Postfix.
SUBMISSION_SERVICE = """
submission_relay_host = 127.0.0.1
submission_relay_port = {mx}
submission_relay_trusted = no
hostname = mail.example.test
service submission-login {{
  inet_listener submission {{
    port = {submission}
  }}
}}
"""


def write(directory, ports, passwords, size_limit, owner, introspection_url=None, token_mechanisms=""):
    """Writes all configuration below `directory`. `owner` is the passwd entry that owns delivered mail."""
    values = dict(ports, dir=directory, uid=owner.pw_uid, gid=owner.pw_gid, size_limit=size_limit,
                  submission_rules=SUBMISSION, introspection_url=introspection_url, token_mechanisms="",
                  token_passdb="", submission_service="", submission_protocol="")
    if introspection_url:
        values.update(token_mechanisms=" " + token_mechanisms, token_passdb=TOKEN_PASSDB.format(**values),
                      submission_service=SUBMISSION_SERVICE.format(**values), submission_protocol=" submission")
        with open(os.path.join(directory, "oauth2.conf"), "w", encoding="utf-8") as file:
            file.write(OAUTH2.format(**values))
    users = "".join(f"{name}@example.test:{{PLAIN}}{password}::::::\n" for name, password in passwords.items())
    mailboxes = "".join(f"{name}@example.test {name}/\n" for name in passwords)
    for path, text in (("postfix/main.cf", MAIN.format(**values)), ("postfix/master.cf", MASTER.format(**values)),
                       ("postfix/mailboxes", mailboxes), ("dovecot.conf", DOVECOT.format(**values)),
                       ("users", users)):
        with open(os.path.join(directory, path), "w", encoding="utf-8") as file:
            file.write(text)
    # Postfix waits until a file is some seconds old, lest it read one that is being written.
    past = time.time() - 60
    for path in ("postfix/main.cf", "postfix/master.cf", "postfix/mailboxes"):
        os.utime(os.path.join(directory, path), (past, past))


def make_certificates(directory):
    """A CA (ca.pem) and a certificate (server.pem, server.key) for localhost and 127.0.0.1, valid for two days."""
    def openssl(*arguments):
        subprocess.run(("openssl",) + arguments, cwd=directory, check=True, capture_output=True)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Test CA",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    openssl("req", *key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-copy_extensions", "copy", "-days", "2", "-out", "server.pem")
