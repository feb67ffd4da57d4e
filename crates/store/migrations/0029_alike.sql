-- What makes held messages alike: the controls that hold them, the outside domains they go to.

CREATE TABLE hold_feature (
  organisation  TEXT   NOT NULL,
  hold          TEXT   NOT NULL REFERENCES hold(id),
  kind          TEXT   NOT NULL,            -- control, domain
  value         TEXT   NOT NULL,
  PRIMARY KEY (organisation, hold, kind, value)
);

-- Of earlier holds only the gravest control is known in the clear.
INSERT INTO hold_feature (organisation, hold, kind, value)
  SELECT organisation, id, 'control', control FROM hold WHERE control <> '';
