"""The surroundings of Thunderbird in the tests: mails, mail servers, the host and its home, the MISP double."""
