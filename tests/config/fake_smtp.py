from pathlib import Path
binpath = Path(__file__).parent / 'mail_to_misp.py'
ident = 'ESMTP Postfix'
email_forward = 'forward@example.org'
smtp_addr = '127.0.0.1'
smtp_port = 2525
ssl = False
