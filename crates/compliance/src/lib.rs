//! Assess facts against a control set: pure, synchronous, replayable.
