#!/usr/bin/env python3
# A configuration with every name, in every way of writing a literal.
"""It documents itself
over two lines."""
import os
from mail_to_misp_config import *

misp_url = "https://misp.example.org/"
misp_key = 'aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd'  # not a real one
misp_verifycert = '/etc/ssl/private-ca.pem'

spamtrap = False
ignore_carrier_mail = True
default_distribution = 1
default_threat_level = '2'
default_analysis = 1
id_tag = 'sensor:lab'
freetext = False
debug = True
nameservers = ['192.0.2.53', "2001:db8::53"]
enable_dns = True
body_config_prefix = 'm2m'
m2m_key = 'YOUSETYOURKEYHERE'
m2m_benign_attachment_keyword = "harmless"
email_subject_prefix = 'LAB'
attach_original_mail = True
ignore_nullsize_attachments = False

o365_client_id = ''
o365_scopes = ['mail.read']

excludelist = ('intranet.example',
               'google.example',   # a comment inside
              )
externallist = 'sandbox.example', 'reports.example'
internallist = ('wiki.example.internal')
noidsflaglist = ( 'ip.example' ,)
stopword = 'Whois & IP' \
           ' Information'
ignorelist = (".*From: .*\n?", "Sender:", ".*(a|b).*\n?")
enforcewarninglist = True
skip_item_on_warninglist = False
sighting = True
sighting_source = u'lab \x41 \u00e4'
removelist = (r"[\(\[].*?[\)\]]", "Re: ", "Fwd: ", r"(?<=x)y")

tlptags = { 'tlp:amber': [ 'tlp:amber', 'for your team' ],
            'tlp:green': [ 'tlp green' ],
            'tlp:ex:chr': [ 'chatham' ],
          }
tlptag_default = sorted(tlptags.keys())[0]
malwaretags = {'locky': ['ecsirt:malicious-code="ransomware"', 'misp-galaxy:ransomware="Locky"'],
               "it's": ["a \"quoted\" 'tag' \\ back"]}
dependingtags = { 'tlp:green': [ 'community' ] }
forward_identifiers = { '-------- Passed on --------', }
hash_only_tags = {'look:up'}
vt_key = None

binpath = os.path.join('a', 'b')
own_name = 3
if debug:
    misp_key = 'from a block that may never run'
