//! Tables for Postfix that say which mails it hands to us, and the entries of main.cf that lead to them.
//!
//! A pipe is an alias: the address becomes one of this machine's, and Postfix's `local` starts the program for each mail, as
//! the user that the table belongs to. LMTP is a transport. In both a table of ours is put before those that are there, so that
//! no table of anybody else's is changed. `texthash` tables are read as they are; there is nothing to compile.

use std::convert::Infallible;
use std::path::Path;
use std::str::FromStr;

mod table;

pub(super) use table::plain;
use table::{aliases, transport};

use super::{InstallError, Owner, Plan, Platform, Scope, Signed, Step, System, advice};
use crate::listen::Address;

/// The table of aliases, and the parameters that lead to it.
const ALIASES: &str = "mispigeon-aliases";
const OF_ALIASES: &[&str] = &["alias_maps"];

/// The table of transports, and the parameters that lead to it: Postfix is to know the addresses, too.
const TRANSPORT: &str = "mispigeon-transport";
const OF_TRANSPORT: &[&str] = &["transport_maps", "local_recipient_maps"];

/// How mails are handed over.
#[derive(Clone, Debug)]
pub enum HandOver {
    /// By starting the program for each mail.
    Pipe {
        /// As whom.
        user: Owner,
        /// The configuration.
        config: String,
        /// The data folder.
        data: String,
    },
    /// To `mispigeon listen --lmtp`.
    Lmtp {
        /// Where that listens.
        at: Address,
    },
}

/// Whose mails are handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The address, as Postfix knows it.
    pub address: String,
    /// The profile of the configuration that the mails are for.
    pub profile: Option<String>,
}

impl FromStr for Recipient {
    type Err = Infallible;

    /// Reads `ADDRESS` or `ADDRESS=PROFILE`.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        let (address, profile) = match text.split_once('=') {
            Some((address, profile)) => (address, Some(profile.to_owned())),
            None => (text, None),
        };
        let address = address.to_owned();
        Ok(Self { address, profile })
    }
}

impl Plan {
    /// Plans for the Postfix whose configuration is in `folder`: mails to `addresses` are handed over.
    pub fn postfix(
        platform: &Platform,
        folder: &Path,
        hand_over: &HandOver,
        recipients: &[Recipient],
    ) -> Result<Self, InstallError> {
        let (name, parameters, lines, owner) = match hand_over {
            HandOver::Pipe { user, config, data } => {
                let lines = aliases(platform.plain_binary()?, user, config, data, recipients)?;
                (ALIASES, OF_ALIASES, lines, Some(user.clone()))
            }
            HandOver::Lmtp { at } => (TRANSPORT, OF_TRANSPORT, transport(at, recipients)?, None),
        };
        let mut steps = vec![Step::File {
            path: System::Linux.below(folder, &[name]),
            text: Signed::new("#", &lines),
            owner,
        }];
        steps.extend(entries(folder, name, parameters));
        Ok(Self {
            steps,
            warnings: match hand_over {
                HandOver::Pipe { .. } => advice::warnings_of_program(platform, Scope::System),
                HandOver::Lmtp { .. } => Vec::new(),
            },
            after_install: advice::after_postfix(hand_over),
            ..Self::postfix_removal(folder)
        })
    }

    /// Plans what [`undo`](super::undo) takes out of the Postfix whose configuration is in `folder`, whichever way mails were
    /// handed over.
    pub fn postfix_removal(folder: &Path) -> Self {
        let tables = [(ALIASES, OF_ALIASES), (TRANSPORT, OF_TRANSPORT)];
        let steps = tables.into_iter().flat_map(|(name, parameters)| {
            let file = Step::File {
                path: System::Linux.below(folder, &[name]),
                text: Signed::new("#", ""),
                owner: None,
            };
            std::iter::once(file).chain(entries(folder, name, parameters))
        });
        Self {
            scope: Scope::System,
            steps: steps.collect(),
            warnings: Vec::new(),
            after_install: String::new(),
            after_uninstall: advice::without_postfix(),
        }
    }
}

fn entries(folder: &Path, name: &str, parameters: &[&str]) -> Vec<Step> {
    let path = System::Linux.below(folder, &[name]);
    let entry = |parameter: &&str| Step::ListEntry {
        parameter: (*parameter).to_owned(),
        entry: format!("texthash:{}", path.display()),
    };
    parameters.iter().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::linux;
    use super::*;

    fn pipe() -> HandOver {
        HandOver::Pipe {
            user: Owner {
                name: "mispigeon".to_owned(),
                uid: 998,
                gid: 997,
            },
            config: "/etc/mispigeon/config.toml".to_owned(),
            data: "/var/lib/mispigeon".to_owned(),
        }
    }

    fn lmtp(at: &str) -> HandOver {
        HandOver::Lmtp {
            at: at.parse().unwrap(),
        }
    }

    fn plan(hand_over: &HandOver, recipients: &[&str]) -> Result<Plan, InstallError> {
        let recipients: Vec<Recipient> = recipients.iter().map(|text| text.parse().unwrap()).collect();
        Plan::postfix(&linux(), Path::new("/etc/postfix"), hand_over, &recipients)
    }

    fn table(plan: &Plan) -> &str {
        match &plan.steps[0] {
            Step::File { text, .. } => text.as_str().split_once('\n').unwrap().1,
            step => panic!("{step:?}"),
        }
    }

    fn places(plan: &Plan) -> Vec<String> {
        plan.steps.iter().map(Step::place).collect()
    }

    #[test]
    fn a_pipe_is_an_alias_for_each_recipient() {
        let plan = plan(&pipe(), &["reports", "trap=spamtrap"]).unwrap();
        let program = "\"|/usr/bin/env MISPIGEON_DATA_DIR=/var/lib/mispigeon /usr/local/bin/mispigeon --config \
                       /etc/mispigeon/config.toml send --mta";
        let (comment, lines) = table(&plan).split_once('\n').unwrap();
        assert!(
            comment.starts_with("# ") && comment.contains("user mispigeon"),
            "{comment}"
        );
        assert_eq!(
            lines,
            format!("reports    {program} -\"\ntrap    {program} --profile=spamtrap -\"\n")
        );
        assert_eq!(
            places(&plan),
            [
                "/etc/postfix/mispigeon-aliases",
                "texthash:/etc/postfix/mispigeon-aliases in alias_maps of Postfix's main.cf"
            ]
        );
    }

    #[test]
    fn lmtp_is_a_transport_and_domains_are_known_as_recipients() {
        let over_tcp = plan(&lmtp("[::1]:24"), &["Trap@Example.org", "spam.example.net"]).unwrap();
        assert_eq!(
            table(&over_tcp),
            "trap@example.org    lmtp:inet:[::1]:24\nspam.example.net    lmtp:inet:[::1]:24\n\
             @spam.example.net    lmtp:inet:[::1]:24\n"
        );
        assert_eq!(places(&over_tcp).len(), 3);
        let over_unix = plan(&lmtp("unix:/run/lmtp"), &["a@example.org"]).unwrap();
        assert_eq!(table(&over_unix), "a@example.org    lmtp:unix:/run/lmtp\n");
    }

    #[test]
    fn what_would_be_read_otherwise_is_refused() {
        for address in [
            "",
            "a b",
            "trap@example.org",
            "-x",
            "a\"b",
            "a\nroot",
            "a:b",
            "|x",
            "é",
            "/x",
        ] {
            let error = plan(&pipe(), &[address]).unwrap_err().to_string();
            assert!(error.contains("--lmtp"), "{error}");
        }
        for address in [
            "",
            "trap",
            "@example.org",
            "a@b@example.org",
            "a@b",
            "a b@example.org",
            "*.org\n",
        ] {
            let error = plan(&lmtp("unix:/x"), &[address]).unwrap_err().to_string();
            assert!(error.contains("name@example.org"), "{error}");
        }
        let error = plan(&lmtp("unix:/x"), &["a@example.org=p"]).unwrap_err().to_string();
        assert!(error.contains("listen.profiles"), "{error}");
        for profile in ["", "a b", "$x", "\"", "a\\"] {
            let error = plan(&pipe(), &[&format!("trap={profile}")]).unwrap_err().to_string();
            assert!(error.contains("rename it"), "{error}");
        }
        let HandOver::Pipe { user, data, .. } = pipe() else {
            panic!()
        };
        let config = "/etc/my config".to_owned();
        let error = plan(&HandOver::Pipe { user, config, data }, &["trap"])
            .unwrap_err()
            .to_string();
        assert!(error.contains("/etc/my config"), "{error}");
    }

    #[test]
    fn both_ways_are_removed_together() {
        let folder = Path::new("/etc/postfix");
        let removed = places(&Plan::postfix_removal(folder));
        for (hand_over, recipient) in [(pipe(), "trap"), (lmtp("unix:/x"), "trap@example.org")] {
            for place in places(&plan(&hand_over, &[recipient]).unwrap()) {
                assert!(removed.contains(&place), "{place}");
            }
        }
    }
}
