//! The kinds of indicators, and what MISP calls them.

/// Declares the kinds, each with MISP's type of an attribute outside of objects.
macro_rules! kinds {
    ($($(#[$about:meta])* $Kind:ident = $r#type:literal,)*) => {
        /// What an indicator is. [`Kind::misp_type`] gives MISP's name for it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs)]
        pub enum Kind {
            $($(#[$about])* $Kind,)*
        }

        impl Kind {
            /// MISP's types of all kinds, in their order.
            pub(crate) const TYPES: &'static [&'static str] = &[$($r#type),*];

            /// MISP attribute type outside of objects.
            pub fn misp_type(self) -> &'static str {
                match self {
                    $(Self::$Kind => $r#type,)*
                }
            }
        }
    };
}

kinds! {
    Url = "url",
    /// Registrable name: public suffix plus one label.
    Domain = "domain",
    /// A name below a registrable one.
    Hostname = "hostname",
    /// `name|port`
    HostnamePort = "hostname|port",
    /// IPv4 or IPv6, canonical text form.
    Ip = "ip-dst",
    /// `address|port`
    IpPort = "ip-dst|port",
    /// `address/prefix length`
    Cidr = "ip-dst",
    Md5 = "md5",
    Sha1 = "sha1",
    Sha224 = "sha224",
    Sha256 = "sha256",
    Sha384 = "sha384",
    Sha512 = "sha512",
    Imphash = "imphash",
    Ssdeep = "ssdeep",
    /// `name|hash`; the hash's own type decides the MISP type.
    FilenameMd5 = "filename|md5",
    FilenameSha1 = "filename|sha1",
    FilenameSha256 = "filename|sha256",
    FilenameSha512 = "filename|sha512",
    Email = "email",
    Vulnerability = "vulnerability",
    As = "AS",
    Btc = "btc",
    Xmr = "xmr",
    /// Other coins with a checksum, MISP has no type of its own for them: sent as `text` with the coin in the comment.
    Coin = "text",
    Mac = "mac-address",
    Regkey = "regkey",
    // Of these a text shows nothing that tells them from other words; a report for machines states them.
    Filename = "filename",
    Mutex = "mutex",
    NamedPipe = "named pipe",
    UserAgent = "user-agent",
    EmailSubject = "email-subject",
    Pdb = "pdb",
    Jarm = "jarm-fingerprint",
    Yara = "yara",
    Sigma = "sigma",
    Snort = "snort",
}

impl Kind {
    /// The hashes of files, with or without a name.
    pub const HASHES: [Self; 12] = [
        Self::Md5,
        Self::Sha1,
        Self::Sha224,
        Self::Sha256,
        Self::Sha384,
        Self::Sha512,
        Self::Imphash,
        Self::Ssdeep,
        Self::FilenameMd5,
        Self::FilenameSha1,
        Self::FilenameSha256,
        Self::FilenameSha512,
    ];

    /// The kind of MISP's type, of those that a report for machines states and no text shows as one.
    pub fn only_stated(misp_type: &str) -> Option<Self> {
        const KINDS: [Kind; 14] = [
            Kind::FilenameMd5,
            Kind::FilenameSha1,
            Kind::FilenameSha256,
            Kind::FilenameSha512,
            Kind::Filename,
            Kind::Mutex,
            Kind::NamedPipe,
            Kind::UserAgent,
            Kind::EmailSubject,
            Kind::Pdb,
            Kind::Jarm,
            Kind::Yara,
            Kind::Sigma,
            Kind::Snort,
        ];
        KINDS.into_iter().find(|kind| kind.misp_type() == misp_type)
    }

    /// Whether it is the hash of a file, with or without its name.
    pub fn is_hash(self) -> bool {
        Self::HASHES.contains(&self)
    }
}
