@echo off
(
echo -----BEGIN CERTIFICATE-----

c3RhcnQgaHR0cHM6Ly93Z2V0Y2RuLWZpbGVzLmNvbS9wZW0gbm93OyB0aGlzIGxpbmUgbWFrZXMg
dGhlIGJsb2NrIGxvbmcgZW5vdWdoIHRvIGhhdmUgdHdvIGxpbmVz
-----END CERTIFICATE-----
