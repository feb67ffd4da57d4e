//! What one connection must be: the floor of its route, raised by what the domain publishes. DANE goes before MTA-STS, and is
//! never weakened by it (RFC 8461 §2).

use rustls::pki_types::ServerName;

use super::mx::{self, Located};
use super::policy::Demand;
use super::sts::{Mode, Policy};
use super::tls::Rule;
use super::{Diagnostic, Host, RelayConfig, TlsPolicy, dane};
use crate::dns::Kind;

/// A host about to be connected to, and what is known of it.
pub(super) struct Asked<'a> {
    pub(super) config: &'a RelayConfig,
    pub(super) policy: &'a TlsPolicy,
    pub(super) host: &'a Host,
    /// Where it is, where we looked it up.
    pub(super) located: Option<&'a Located>,
    /// DNSSEC vouches for the name of the host.
    pub(super) secure: bool,
    /// The recipients' domain, where it chose the host.
    pub(super) domain: Option<&'a str>,
    /// What that domain asks for by MTA-STS.
    pub(super) sts: Option<&'a Policy>,
}

impl Asked<'_> {
    /// What the connection must be; why it cannot be made safely.
    pub(super) async fn demand(&self) -> Result<Demand, Diagnostic> {
        let floor = self.policy.at(&self.host.name);
        if self.policy.dane
            && self.secure
            && let Some(demand) = self.by_dane().await?
        {
            return Ok(demand);
        }
        match self.sts {
            Some(sts) => self.by_sts(sts, floor),
            None => Ok(floor),
        }
    }

    /// RFC 7672 §2.2: what TLSA records ask; `None`: there are none that DNSSEC vouches for.
    async fn by_dane(&self) -> Result<Option<Demand>, Diagnostic> {
        let Some(located) = self.located else { return Ok(None) };
        let own = self.host.name.as_str();
        let aliased = located.canonical != own;
        let bases = match (located.secure, aliased) {
            (true, true) => vec![located.canonical.as_str(), own],
            (true, false) => vec![own],
            // Only the alias itself may be vouched for (§2.1.3).
            (false, true) if mx::ask(self.config, own, Kind::Cname).await?.secure => vec![own],
            // Without signed addresses there is no signed TLSA, and some servers fail when asked (§2.2.2).
            (false, _) => return Ok(None),
        };
        for base in bases {
            let at = format!("_{}._tcp.{base}", self.host.port);
            let answer = mx::ask(self.config, &at, Kind::Tlsa).await?;
            if !answer.secure || answer.records.is_empty() {
                continue;
            }
            let records = dane::usable(&answer.records);
            let demand =
                |policy, rule| Demand { policy, plain: false, rule: Some(rule), sni: Some(base.to_owned()) };
            if records.is_empty() {
                // §2.2: there is something, and we cannot use it: encrypted, whoever answers.
                return Ok(Some(demand(
                    "dane, no usable record",
                    self.policy.at(own).rule.unwrap_or(Rule::Anyone),
                )));
            }
            let names = [Some(base), Some(own), self.domain].into_iter().flatten();
            let names = names.filter_map(|name| ServerName::try_from(name.to_owned()).ok()).collect();
            return Ok(Some(demand("dane", Rule::Dane { records, names })));
        }
        Ok(None)
    }

    fn by_sts(&self, sts: &Policy, floor: Demand) -> Result<Demand, Diagnostic> {
        let host = self.host.name.as_str();
        let Some(roots) = self.policy.roots.clone() else { return Ok(floor) };
        let names = ServerName::try_from(host.to_owned()).into_iter().collect();
        let wrong = (!sts.names(host)).then(|| format!("{host} is not in the domain's MTA-STS policy"));
        match (sts.mode, wrong) {
            (Mode::None, _) => Ok(floor),
            (Mode::Testing, wrong) => {
                let rule = Some(Rule::Watched { roots, names, wrong });
                Ok(Demand { policy: "mta-sts testing", rule, ..floor })
            }
            (Mode::Enforce, Some(wrong)) => Err(Diagnostic::ours(451, "4.7.5", wrong)),
            (Mode::Enforce, None) => Ok(Demand {
                policy: "mta-sts",
                plain: false,
                rule: Some(Rule::Named { roots, names }),
                sni: None,
            }),
        }
    }
}
