//! The rows of `data/link_rewriters.tsv`, and which of them a link is of.

use std::sync::LazyLock;

use hashbrown::HashMap;

use super::target::{self, Inside};
use super::{Opaque, path_of};
use crate::domain::{Rewriter, RewriterRole, host};

/// What a link of a rewriter is.
#[derive(Debug)]
pub enum Wrapper<'r> {
    /// Around this target.
    Around { target: String, row: &'r Rewriter },
    /// Its target is known to its maker only.
    Opaque(Opaque),
    /// Without a target.
    Blank,
    /// A page that leads nowhere else, whatever it names.
    Share,
}

/// The table, in an order in which a link is compared with few of its rows.
struct Known {
    rows: Vec<Rewriter>,
    /// Places in `rows` by the last two labels of their hosts.
    by_host: HashMap<String, Vec<usize>>,
    /// Places of those whose hosts end with anything.
    anywhere: Vec<usize>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let rows: &[[&str; 6]] = include!(concat!(env!("OUT_DIR"), "/link_rewriters.rs"));
    let rows: Vec<Rewriter> = rows.iter().filter_map(|row| Rewriter::new(*row).ok()).collect();
    let (mut by_host, mut anywhere) = (HashMap::<String, Vec<usize>>::new(), Vec::new());
    for (place, row) in rows.iter().enumerate() {
        if row.host.ends_with('*') {
            anywhere.push(place);
        } else {
            by_host
                .entry(last_labels(&row.host).to_owned())
                .or_default()
                .push(place);
        }
    }
    Known {
        rows,
        by_host,
        anywhere,
    }
});

fn last_labels(host: &str) -> &str {
    let mut dots = host.rmatch_indices('.');
    let second = dots.nth(1);
    second.map_or(host, |(dot, _)| host.get(dot + 1..).unwrap_or_default())
}

/// Looks whether `url`, whose host is `host`, is a rewriter's. A link may be of several rows: the first in which a target
/// can be read counts.
pub fn unwrap<'r>(url: &str, host: &str, own: &'r [Rewriter]) -> Option<Wrapper<'r>> {
    let path = path_of(url).unwrap_or_default();
    let known = KNOWN.by_host.get(last_labels(host)).into_iter().flatten();
    let known = known.chain(&KNOWN.anywhere).filter_map(|place| KNOWN.rows.get(*place));
    let mut without = None;
    for row in own.iter().chain(known).filter(|row| covers(row, host, path)) {
        let wrapper = match target::read(row, host, path) {
            Inside::Link(target) => Wrapper::Around { target, row },
            Inside::Sealed(host) => Wrapper::Opaque(Opaque {
                maker: row.maker.clone(),
                role: row.role,
                host,
                makers_host: row.host != "*",
            }),
            Inside::Nothing if row.role == RewriterRole::Share => Wrapper::Share,
            Inside::Nothing => {
                // Where any host can be the filter's, a link without target need not be a filter's.
                if row.role == RewriterRole::Gateway && row.host != "*" {
                    without = Some(Wrapper::Blank);
                }
                continue;
            }
        };
        return Some(wrapper);
    }
    without.or_else(|| is_gateway(host, own).then_some(Wrapper::Blank))
}

/// Whether a host serves nothing but the links of a mail filter or webmail program.
pub fn is_gateway(host: &str, own: &[Rewriter]) -> bool {
    let known = KNOWN.by_host.get(last_labels(host)).into_iter().flatten();
    let known = known.filter_map(|place| KNOWN.rows.get(*place));
    let mut rows = own.iter().chain(known).filter(|row| row.role == RewriterRole::Gateway);
    // Below some names of `*.maker.com` the maker has pages of his own; there the path tells.
    rows.any(|row| (row.path == "/" || !row.host.contains('*')) && row.host != "*" && host::fits(&row.host, host))
}

/// Whether a link is one of this rewriter.
fn covers(row: &Rewriter, host: &str, path: &str) -> bool {
    let begins = |path: &str| {
        path.get(..row.path.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(&row.path))
    };
    (begins(path) || row.path == "/" && path.starts_with('?')) && host::fits(&row.host, host)
}

#[cfg(test)]
mod tests {
    use super::super::browser;
    use super::*;
    use crate::domain::table;

    #[test]
    fn every_row_of_the_table_gives_the_target_of_its_example() {
        for row in table::rows("link_rewriters") {
            let cells = ["host", "path", "place", "coding", "role", "maker"].map(|name| row[name].as_str());
            let rewriter = Rewriter::new(cells).unwrap();
            let url = browser::exact(&row["example"]).unwrap();
            let path = path_of(&url.value).unwrap();
            // The row itself has to fit, not only one before it.
            assert!(covers(&rewriter, &url.host.value, path), "{row:?}");
            let target = match target::read(&rewriter, &url.host.value, path) {
                Inside::Link(target) => browser::exact(&target).unwrap().value,
                Inside::Sealed(host) => host.unwrap_or_else(|| "unknown".to_owned()),
                Inside::Nothing => "nothing".to_owned(),
            };
            assert_eq!(target, row["target"], "{row:?}");
            assert!(KNOWN.rows.contains(&rewriter), "{row:?}");
            // The rows before it leave it the link.
            let found = match unwrap(&url.value, &url.host.value, &[]).unwrap() {
                Wrapper::Around { row, .. } => &row.maker,
                Wrapper::Opaque(opaque) => &opaque.maker.clone(),
                Wrapper::Blank => "blank",
                Wrapper::Share => &rewriter.maker,
            };
            assert_eq!(found, rewriter.maker, "{row:?}");
        }
    }
}
