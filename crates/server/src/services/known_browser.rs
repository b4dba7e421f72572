//! Browsers in which an operator signed in before.
//!
//! What anybody else gets wrong from elsewhere counts against all who come from elsewhere, not against these: else whoever
//! knows an operator's address could keep them out for as long as they like (OWASP, "device cookies"). Such a browser has
//! few attempts of its own.

use banklink_domain::operator::Operator;
use banklink_protocol::secret::Secret;
use subtle::ConstantTimeEq as _;

use crate::{problem::ApiError, random, seal::Sealer};

/// Bytes of what tells one such browser from another.
const NAME: usize = 16;

/// A browser in which an operator signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownBrowser([u8; NAME]);

impl KnownBrowser {
    /// One that is known from now on.
    pub fn mint() -> Self {
        Self(random::bytes())
    }

    /// The one that holds this, if it is one of the operator's.
    pub fn of(sealer: &Sealer, operator: &Operator, held: &Secret) -> Result<Option<Self>, ApiError> {
        let Ok(bytes) = hex::decode(held.expose()) else { return Ok(None) };
        let Some((name, proof)) = bytes.split_first_chunk::<NAME>() else { return Ok(None) };
        let browser = Self(*name);
        let is_one = bool::from(browser.proof(sealer, operator)?.as_slice().ct_eq(proof));
        Ok(is_one.then_some(browser))
    }

    /// What it holds, until the operator has another password.
    pub fn holds(&self, sealer: &Sealer, operator: &Operator) -> Result<Secret, ApiError> {
        let proof = self.proof(sealer, operator)?;
        Ok(Secret::new(hex::encode([self.0.as_slice(), &proof].concat())))
    }

    /// What attempts in it are counted under.
    pub fn name(&self) -> String {
        hex::encode(self.0)
    }

    fn proof(&self, sealer: &Sealer, operator: &Operator) -> Result<[u8; 32], ApiError> {
        let (id, password) = (operator.id.to_string(), operator.password.as_str());
        sealer.fingerprint(&[b"known browser", &self.0, id.as_bytes(), password.as_bytes()]).map_err(ApiError::internal)
    }
}
