"""OpenPGP keys of Thunderbird, and mails that are encrypted to them."""

from driver.thunderbird import Thunderbird

from . import mails

MODULES = """
    const from = name => ChromeUtils.importESModule(`chrome://openpgp/content/${name}.sys.mjs`);
    await from("BondOpenPGP").BondOpenPGP.init();
    const {RNP} = from("modules/RNP");
    const {PgpSqliteDb2} = from("modules/sqliteDb");
    const {OpenPGPMasterpass} = from("modules/masterpass");
"""


def encrypted(thunderbird: Thunderbird, subject: str, text: bytes, keep_key: bool = True) -> bytes:
    """A mail with this text, encrypted to a new key of Thunderbird, which `keep_key` leaves there."""
    inside = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text + b"\r\n"
    armored = thunderbird.chrome(
        MODULES
        + """
        const password = await OpenPGPMasterpass.retrieveOpenPGPPassword();
        const id = await RNP.genKey(`Team <team@soc-team.org>`, "ECC", 0, 30, password);
        const {fpr: fingerprint} = (await RNP.getKeys()).find(({keyId}) => keyId.endsWith(id.replace(/^0x/, "")));
        await PgpSqliteDb2.updateAcceptance(fingerprint, ["team@soc-team.org"], "personal");
        const how = {aliasKeys: new Map(), armor: true, sender: "0x" + fingerprint, senderKeyIsExternal: false, to: [], bcc: [],
                     encrypt: true, encryptToSender: true, sign: false};
        const status = {};
        const armored = await RNP.encryptAndOrSign(args[0], how, status);
        if (!armored) throw new Error(JSON.stringify(status));
        if (!args[1]) await RNP.deleteKey(fingerprint, true);
        return armored;""",
        inside.decode("ascii"),
        keep_key,
    )
    parts = [
        b"--part",
        b"Content-Type: application/pgp-encrypted",
        b"",
        b"Version: 1",
        b"",
        b"--part",
        b'Content-Type: application/octet-stream; name="encrypted.asc"',
        b"",
        *armored.encode("ascii").splitlines(),
        b"--part--",
        b"",
    ]
    kind = b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="part"'
    return mails.message(subject, b"\r\n".join(parts), kind)
