//! From source to text, and the findings on the way.

use banklink_protocol::elements::Element;

use crate::{
    Compiled, MAX_CSS, MAX_FINDINGS, MAX_SOURCE, Scheme,
    cursor::Fault,
    finding::{Finding, Reason},
    stylesheet, tree,
    tree::Location,
};

/// Where findings about the whole are shown.
const START: Location = Location { line: 1, column: 1 };

/// What is reported, bounded.
#[derive(Default)]
pub(crate) struct Findings(Vec<Finding>);

impl Findings {
    pub(crate) fn add(&mut self, at: Location, reason: Reason) {
        let Location { line, column } = at;
        let finding = |reason: Reason| Finding { line, column, severity: reason.severity(), reason };
        match self.0.len() {
            ..MAX_FINDINGS => self.0.push(finding(reason)),
            MAX_FINDINGS => self.0.push(finding(Reason::TooManyFindings)),
            _ => {}
        }
    }

    pub(crate) fn add_fault(&mut self, fault: Fault) {
        self.add(fault.at, fault.reason);
    }

    pub(crate) fn add_faults(&mut self, faults: Vec<Fault>) {
        for fault in faults {
            self.add_fault(fault);
        }
    }

    /// In the source's order.
    fn into_sorted(self) -> Vec<Finding> {
        let Self(mut findings) = self;
        findings.sort_by_key(|finding| (finding.line, finding.column));
        findings
    }
}

pub(crate) fn compile(elements: &[Element], source: &str) -> Compiled {
    let mut findings = Findings::default();
    let (css, scheme) = text(elements, source, &mut findings).unwrap_or((String::new(), Scheme::System));
    Compiled { css, scheme, findings: findings.into_sorted() }
}

fn text(elements: &[Element], source: &str, findings: &mut Findings) -> Option<(String, Scheme)> {
    if source.len() > MAX_SOURCE {
        findings.add(START, Reason::SourceTooLarge { limit: MAX_SOURCE });
        return None;
    }
    let tree = tree::read(source.strip_prefix('\u{feff}').unwrap_or(source));
    if let Some(at) = tree.too_deep {
        findings.add(at, Reason::TooDeep);
    }
    let stylesheet = stylesheet::read(elements, &tree, findings);
    let css = stylesheet.to_string();
    if css.len() > MAX_CSS {
        findings.add(START, Reason::ResultTooLarge { limit: MAX_CSS });
        return None;
    }
    Some((css, stylesheet.scheme()))
}
