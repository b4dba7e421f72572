//! Operators' passwords: kept as Argon2id hashes, and hashed few at a time, since each takes 19 MiB and some
//! hundredths of a second.

use std::{sync::Arc, time::Duration};

use argon2::{
    Argon2,
    password_hash::{Error, PasswordHasher as _, PasswordVerifier as _, phc},
};
use banklink_domain::operator::PasswordHash;
use banklink_protocol::{problem::ProblemCode, secret::Secret};
use tokio::{sync::Semaphore, time::timeout};

use crate::{problem::ApiError, random};

/// How many are hashed at once.
const AT_ONCE: usize = 2;

/// How long a password waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// Compared with where nobody has the address: the answer then takes as long as any. No password has this hash.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGF0IGFsbA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes and compares passwords.
#[derive(Debug)]
pub struct Passwords(Arc<Semaphore>);

impl Default for Passwords {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Passwords {
    /// What is kept of a password.
    pub async fn hash(&self, password: &Secret) -> Result<PasswordHash, ApiError> {
        let salt = random::bytes::<16>();
        let hashed = self.in_turn(password, move |text| {
            let hash: phc::PasswordHash = Argon2::default().hash_password_with_salt(text, &salt)?;
            Ok::<_, Error>(PasswordHash::new(hash.to_string()))
        });
        hashed.await?.map_err(ApiError::internal)
    }

    /// Whether a password is the one that was hashed; without a hash it is not, which takes as long to say.
    pub async fn is_right(&self, password: &Secret, hash: Option<&PasswordHash>) -> Result<bool, ApiError> {
        let hash = phc::PasswordHash::new(hash.map_or(NOBODY, PasswordHash::as_str)).map_err(ApiError::internal)?;
        let compared = self.in_turn(password, move |text| Argon2::default().verify_password(text, &hash)).await?;
        match compared {
            Ok(()) => Ok(true),
            Err(Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(ApiError::internal(error)),
        }
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        password: &Secret,
        work: impl FnOnce(&[u8]) -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let busy = || ApiError::new(ProblemCode::Unavailable, "Many people sign in just now: try again shortly.");
        let turn = timeout(PATIENCE, Arc::clone(&self.0).acquire_owned()).await.map_err(|_| busy())?;
        let (turn, password) = (turn.map_err(ApiError::internal)?, password.clone());
        // The turn ends with the work, which goes on where the caller goes away.
        let done = tokio::task::spawn_blocking(move || {
            let done = work(password.expose().as_bytes());
            drop(turn);
            done
        });
        done.await.map_err(ApiError::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_no_other_is() {
        let passwords = Passwords::default();
        let (right, wrong) = (Secret::new("correct horse battery"), Secret::new("correct horse batterY"));
        let hash = passwords.hash(&right).await.unwrap();
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.as_str());
        assert!(passwords.is_right(&right, Some(&hash)).await.unwrap());
        assert!(!passwords.is_right(&wrong, Some(&hash)).await.unwrap());
        assert_ne!(passwords.hash(&right).await.unwrap(), hash);
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        for password in ["", "nobody at all", "correct horse battery"] {
            assert!(!Passwords::default().is_right(&Secret::new(password), None).await.unwrap());
        }
    }
}
