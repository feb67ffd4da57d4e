-- How many entries of each log are under a signed checkpoint: said by the sealer, read by the processes that do not
-- seal, which refuse changes when it is too far behind. Mechanical: the checkpoint itself is what counts.
CREATE TABLE sealing (
  organisation  TEXT   NOT NULL PRIMARY KEY,
  sealed        BIGINT NOT NULL
);
