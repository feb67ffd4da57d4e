//! Attachment bytes to text, in a sandboxed child process with limits.
