//! A few confined children, kept and shared. Whatever happens to one, there is an answer.

use std::sync::{Mutex, PoisonError};

use tokio::sync::Semaphore;
use vocabulary::bounds::{EXTRACT_CHILD_JOBS_MAX, EXTRACT_CHILDREN_MAX, MESSAGE_BYTES_MAX};

use crate::child::{Child, StartError, Worker};
use crate::confine::Confinement;
use crate::{Extracted, Reason, extract_here, is_plain};

/// Looks into files in confined children. Children are started when they are needed, kept for the next file, replaced
/// when they die or have done their share.
#[derive(Debug)]
pub struct Extractor {
    worker: Worker,
    turns: Semaphore,
    idle: Mutex<Vec<Child>>,
}

impl Extractor {
    /// An extractor that starts its children as `worker` says. None is started yet.
    #[must_use]
    pub fn new(worker: Worker) -> Self {
        Self { worker, turns: Semaphore::new(EXTRACT_CHILDREN_MAX), idle: Mutex::default() }
    }

    /// Starts a child to see whether files can be read at all, and how it is confined.
    ///
    /// # Errors
    /// There is no child, and why. Every file will be [`Reason::SandboxUnavailable`] until that changes.
    pub async fn check(&self) -> Result<Confinement, StartError> {
        let child = self.child().await?;
        let confinement = child.confinement.clone();
        self.keep(child);
        Ok(confinement)
    }

    /// Looks into one file. Never fails: what was not read is a stated reason. Dropped meanwhile, its child is killed.
    ///
    /// The parts are relative to the file, as in [`extract_here`].
    pub async fn extract(&self, name: &str, declared: &str, bytes: &[u8]) -> Vec<Extracted> {
        if is_plain(declared, bytes) {
            return extract_here(name, declared, bytes);
        }
        if bytes.len() > MESSAGE_BYTES_MAX {
            return vec![Extracted::unread(name, Reason::TooLarge)];
        }
        // The semaphore is never closed; if it were, there would be no child.
        let Ok(_turn) = self.turns.acquire().await else {
            return vec![Extracted::unread(name, Reason::SandboxUnavailable)];
        };
        let mut child = match self.child().await {
            Ok(child) => child,
            Err(error) => {
                tracing::error!(%error, "an attachment could not be read");
                return vec![Extracted::unread(name, Reason::SandboxUnavailable)];
            }
        };
        match child.look(name, declared, bytes).await {
            Ok(found) => {
                self.keep(child);
                found
            }
            Err(reason) => {
                tracing::warn!(reason = reason.code(), "a confined child was lost on an attachment");
                vec![Extracted::unread(name, reason)]
            }
        }
    }

    /// A child that lives: one that waits, or a new one.
    async fn child(&self) -> Result<Child, StartError> {
        loop {
            // The lock is not held across the start.
            let waiting = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(mut child) = waiting else { return Child::start(&self.worker).await };
            if child.lives() {
                return Ok(child);
            }
        }
    }

    /// Keeps a child for the next file, unless it has done its share.
    fn keep(&self, mut child: Child) {
        if child.jobs < EXTRACT_CHILD_JOBS_MAX && child.lives() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(child);
        }
    }
}
