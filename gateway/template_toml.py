"""The commented gateway.toml that ``gateway init`` writes."""

SETTINGS_TOML = """\
# Settings of the gateway. Everything may be left out; the values shown behind a # are the defaults.
# Secrets never stand here: the database address comes from GATEWAY_DB, a mailbox password from its password_file
# or from GATEWAY_MAILBOX_<NAME>_PASSWORD. Relative folders are below the data folder (the one of this file).

# originals = "/srv/gateway/originals"   # where raw bytes are kept; with several machines a shared folder
# workers = 1                            # worker processes on this machine
# concurrency = 1                        # receipts that one worker reads at the same time
# watch_port = 0                         # /metrics and /health on this port of 127.0.0.1; 0: none
# log_file = "/var/log/gateway.log"      # JSON lines; without it standard error
# pickup_every_s = 60                    # how often each source is asked
# forms = "moduli"                       # folder of form definitions beside the shipped ones; see 'gateway forms draft'
# trust_store = "trust"                  # folder of certificates (PEM) of the authorities whose signatures are trusted

# Mailboxes (IMAP). Nothing is ever deleted; messages are flagged, or moved when move_to names a folder.
# [[mailboxes]]
# name = "info"                          # a short name of your own; it becomes part of the case's evidence
# host = "imap.example.com"
# port = 993
# user = "moduli@example.com"
# password_file = "/etc/gateway/info.password"
# folder = "INBOX"
# pec = false                            # true only for a certified (PEC) mailbox
# tls = "tls"                            # "none" only on the same machine
# ca_file = "/etc/ssl/own-ca.pem"
# move_to = "Presi in carico"
# max_message_mb = 30

# Folders of .eml files or Maildirs, where there is no IMAP server.
# [[mail_drops]]
# name = "mail"
# folder = "inbox/mail"

# Fax trays: TIFF or PDF, with an optional sidecar <file>.json (sender, received_at, pages, status).
# [[fax_trays]]
# name = "fax"
# folder = "inbox/fax"
# quiet_s = 5.0                          # a file is taken when it has not changed for so long

# Scan folders: PDF, TIFF, JPEG, PNG.
# [[scan_folders]]
# name = "scan"
# folder = "inbox/scan"
# quiet_s = 5.0

# Keeping: encryption at rest, and what is left free of the disk; see docs/operating.md.
# [keeping]
# key_file = "/etc/gateway/originals.key"    # 'gateway keys new FILE' makes one; without it originals lie in plain
# spare_mb = 200                         # intake stops before so little of the disk is left
# tips_file = "/mnt/elsewhere/ledger.tips"   # where the ends of the ledger are noted: best on another disk
# legal_hold = false                     # true: nothing is erased, whatever is due or asked for
# hold = ["2026/0000123"]                # cases of which nothing is erased

# For how many days contents are kept once the work on them has ended; 0 keeps them for ever. Register and ledger stay.
# [keeping.days]
# originals = 0                          # the message, fax or scan of a case that is closed, refused or handed over
# values = 0                             # what was read of it
# no_case = 0                            # what became no case: receipts, bounces, advertisements

# How the rules are applied; see docs/operating.md.
# [checks]
# wait_days = 40                         # days after the complaint to the supplier

# How sure a reading must be before nobody looks at it: the share of wrong values that is borne among those.
# Smaller means more questions for clerks; 0 means that a clerk sees every value that was read from ink.
# [reading]
# error_budget = 0.0014                  # 0.14 %, what two clerks make who type everything independently

# Letters to customers; see docs/letters.md. Switched off until somebody says who writes them.
# [letters]
# send = "hold"                          # off; hold: each waits for a clerk; auto: they go by themselves
# hold = ["NOT_ADMISSIBLE"]              # with auto: kinds that wait for a clerk all the same
# name = "Sportello di prova"            # who writes
# lines = ["Via di esempio 1", "00100 Roma RM"]
# place = "Roma"
# email = "integrazioni@example.org"     # where customers send what is missing: name those that exist
# pec = ""
# fax = ""
# post = "Sportello di prova, Via di esempio 1, 00100 Roma RM"
# window = "right"                       # of the DL envelope: right in Italy, left by DIN
# fax_tray = "outbox/fax"                # a fax gateway takes TIFF and sidecar from here; without it no fax goes out
# print_tray = "outbox/print"            # PDFs to be printed, folded and posted
# per_address = 6                        # letters to one address in per_address_hours; what is beyond waits for a clerk
# per_address_hours = 24
# [letters.smtp]                         # and the same for [letters.pec_smtp]
# host = "smtp.example.org"
# port = 587
# security = "starttls"                  # or tls, or none on a network of your own
# sender = "sportello@example.org"
# user = "sportello"
# password_file = "/etc/gateway/smtp.password"   # or GATEWAY_SMTP_PASSWORD, GATEWAY_PEC_SMTP_PASSWORD

# The API for machines, served beside the desk under /api; see docs/api.md.
# [api]
# rate = "600/minute"                    # requests of one client
# strangers = "30/minute"                # requests with a wrong key from one address
# submission_mb = 40                     # the largest online submission with its attachments
# most_files = 40                        # attachments of one submission

# Webhooks: who is told when a case changes; see docs/api.md.
# [webhooks]
# allow_inside = false                   # true: also http, and machines of the house
# timeout_s = 10.0                       # for one delivery in all

# The clerk's desk on the web ('gateway serve', or kept by 'gateway run' when it has a port); see docs/operating.md.
# [desk]
# port = 0                               # on 127.0.0.1; 0: 'gateway run' starts no desk, 'gateway serve' takes 8080
# second_share = 0.05                    # of so many cases a field is keyed again, to measure how many are wrong
# second_kinds = []                      # kinds of field that are all keyed again in those cases, like "tax_code"
# public_url = "https://sportello.example.it"   # the address that clerks type, when a proxy with TLS stands before it
# proxies = ["127.0.0.1"]                # whose word about the clerk's own address is believed
# idle_minutes = 30                      # a session ends when nothing was done for so long
# longest_hours = 10                     # and after so long in any case
# claim_minutes = 15                     # a case that is taken is free again when nothing was done for so long

# Single sign-on by OpenID Connect; who may come in is said by 'gateway users' all the same.
# [desk.oidc]
# issuer = "https://sso.example.it/realms/ente"
# client_id = "sportello-gateway"
# client_secret_file = "/etc/gateway/oidc.secret"   # or GATEWAY_OIDC_SECRET
# name_claim = "preferred_username"      # the claim that holds the name known to 'gateway users'

# The protocol register: whose it is, and its name. Both stand on the daily register ('gateway register day').
# [register]
# body = "Sportello per il consumatore Energia e Ambiente"
# name = "Protocollo"
# folder = "register"                    # each finished day is written here as PDF/A and CSV; "" : only by command

# Virus scanner (ClamAV's clamd). Everything is scanned before it is read; while it is down, receipts wait.
# [scanner]
# address = ""                           # "/run/clamav/clamd.ctl", or "127.0.0.1:3310"; empty: nothing is scanned
# timeout_s = 60.0

# What the reading of one receipt may use.
# [limits]
# wall_s = 300.0
# cpu_s = 240
# memory_mb = 3000
"""
